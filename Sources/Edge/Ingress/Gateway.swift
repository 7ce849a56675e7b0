import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import Telemetry

/// What the connections of one event loop share, without locks: routes, checked tokens, the way to the reactor.
///
/// Bound to its event loop.
final class Gateway {
    /// Waits of a connection, converted once.
    struct Timeouts {
        let header: TimeAmount
        let body: TimeAmount
        let idle: TimeAmount
        let drainIdle: TimeAmount
        /// After the last answer, for the client to finish sending and close.
        let linger = TimeAmount.seconds(2)
    }

    let configuration: IngressConfiguration
    let timeouts: Timeouts
    /// Replaced as a whole when services come and go.
    var routes: RouteTree
    /// What describes these routes.
    var documents: APIDocuments
    let keys: KeyStore
    let health: HealthBoard
    let verifier: TokenVerifier
    let mailbox: ReplyMailbox
    let outbox: RequestOutbox
    let keyFetcher: KeyFetcher
    let logger: Logger
    let loop: any EventLoop

    var tokens: TokenCache
    var tokensGeneration = 0
    var random = RandomBits()
    var isDraining = false

    private let encoder: ReplyEncoder
    private var date = HTTPDate()
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var isSweeping = false

    init(
        configuration: IngressConfiguration, routes: RouteTree, documents: APIDocuments, keys: KeyStore,
        health: HealthBoard, forwarder: Forwarder, keyFetcher: KeyFetcher, loop: any EventLoop, logger: Logger
    ) {
        self.configuration = configuration
        timeouts = Timeouts(
            header: TimeAmount(configuration.headerTimeout), body: TimeAmount(configuration.bodyTimeout),
            idle: TimeAmount(configuration.idleTimeout), drainIdle: TimeAmount(configuration.drainIdleGrace))
        self.routes = routes
        self.documents = documents
        self.keys = keys
        self.health = health
        self.keyFetcher = keyFetcher
        self.loop = loop
        self.logger = logger
        verifier = TokenVerifier(issuer: configuration.issuer, leeway: configuration.clockLeeway.components.seconds)
        tokens = TokenCache(capacity: configuration.tokenCacheEntries)
        encoder = ReplyEncoder(cors: configuration.cors)
        mailbox = ReplyMailbox(loop: loop)
        outbox = RequestOutbox(forwarder: forwarder, mailbox: mailbox, loop: loop)
    }

    // MARK: - Connections

    func add(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = connection
        sweepLater()
    }

    func remove(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    func forceClose() {
        for connection in Array(connections.values) { connection.forceClose() }
    }

    /// One timer for all connections of the loop; none while there are no connections.
    private func sweepLater() {
        guard !isSweeping, !connections.isEmpty else { return }
        isSweeping = true
        loop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { [self] in
            isSweeping = false
            let now = NIODeadline.now()
            for connection in Array(connections.values) { connection.checkDeadline(now) }
            sweepLater()
        }
    }

    // MARK: - Answers

    func encode(_ reply: HTTPReply, _ exchange: Exchange, closes: Bool, into buffer: inout ByteBuffer) {
        let circumstances = ReplyEncoder.Circumstances(
            requestID: exchange.requestID, origin: exchange.origin, closes: closes,
            omitsBody: exchange.method == .HEAD)
        encoder.encode(reply, circumstances, date: date.headerLine(), into: &buffer)
    }

    func log(_ reply: HTTPReply, _ exchange: Exchange) {
        let level: Logger.Level = reply.status >= 500 ? .info : .debug
        guard logger.logLevel <= level else { return }
        let duration = NIODeadline.now() - exchange.started
        logger.log(
            level: level, "request",
            metadata: [
                "method": "\(exchange.method.rawValue)", "route": "\(exchange.route ?? "-")",
                "status": "\(reply.status)", "duration_us": "\(duration.nanoseconds / 1000)",
                "requestId": "\(exchange.requestID)",
            ])
    }
}
