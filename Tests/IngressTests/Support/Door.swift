import AsyncHTTPClient
import Contracts
import JSON
import LocalServers
import Logging
import NATS
import NIOCore
import NIOHTTP1
import Reactor
import Schema

@testable import Ingress

/// An ingress with its contract, on subjects of its own, and a small worker behind it that the test plays.
struct Door: Sendable {
    let port: Int
    /// Name of the worker and first token of its subjects.
    let worker: String
    /// The test's own connection, for responders.
    let nats: NATSConnection
    let signer: Signer
    private let task: Task<Void, any Error>

    /// Opens a door, runs `body`, closes it.
    /// - Parameters:
    ///   - keys: what `<worker>.keys` answers at first; nil leaves it without an answer.
    static func open(
        server: LocalNATS? = nil, signer: Signer = Signer(kid: "k1"), answersKeys: Bool = true,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout IngressConfiguration) -> Void = { _ in },
        _ body: (Door) async throws -> Void
    ) async throws {
        let worker = "w\(UInt64.random(in: 0 ... .max))"
        let url = if let server { server.url } else { try await TestServers.nats().url }
        var broker = NATSConfiguration(url: url)
        broker.connectTimeout = .seconds(60)
        let nats = try await NATSConnection.connect(broker, logger: logger)
        let own = try await NATSConnection.connect(broker, logger: logger)
        if answersKeys { try await nats.answer("\(worker).keys") { _ in .ok(Signer.webKeys(signer)) } }
        for name in mirrored { try await nats.answer("\(worker).\(name)", Self.mirror) }
        for name in [worker, worker + "s"] { try await nats.answer("$SRV.PING.\(name)") { _ in .ok("{}") } }
        try await nats.flush(timeout: .seconds(60))
        var configuration = IngressConfiguration()
        configuration.port = 0
        configuration.keysSubject = "\(worker).keys"
        configuration.healthInterval = .milliseconds(100)
        configure(&configuration)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let ingress = try IngressServer(
            configuration: configuration, contracts: contracts(worker), nats: own, logger: logger
        ) { listening.yield($0) }
        let task = Task {
            defer { listening.finish() }
            try await ingress.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next(isolation: #isolation) else {
            try await task.value
            return
        }
        let door = Door(port: port, worker: worker, nats: nats, signer: signer, task: task)
        do {
            if answersKeys {
                try await door.eventually { try await $0.get("/.well-known/jwks.json").status == 200 }
            }
            try await body(door)
        } catch {
            await door.shut()
            throw error
        }
        await door.shut()
        await own.close()
        await nats.close()
    }

    /// Begins the shutdown and waits for its end.
    func shut() async {
        task.cancel()
        _ = await task.result
    }

    /// Begins the shutdown.
    func beginShutdown() { task.cancel() }

    func ended() async throws { try await task.value }

    // MARK: - The contract

    private static let mirrored = [
        "echo", "visit", "get", "list", "special", "status", "strict", "staff", "hook", "put", "large",
    ]

    static func contracts(_ worker: String) throws -> ContractSet {
        func endpoint(
            _ name: String, of worker: String = worker, _ route: String, query: [QueryParameter] = [],
            _ access: Access = .anyone,
            idempotency: Idempotency = .none, timeout: Duration = .seconds(60), bodyLimit: Int = 4096,
            status: Int = 200,
            raw: Bool = false, forwards: [String] = [], details: Bool = false
        ) -> EndpointContract {
            EndpointContract(
                worker: worker, subject: "\(worker).\(name)", description: name, http: HTTPRoute(route, query: query),
                access: access, idempotency: idempotency, timeout: timeout, bodyLimit: bodyLimit, successStatus: status,
                rawBody: raw, forwardedHeaders: forwards, callerDetails: details)
        }
        let query = [
            QueryParameter(name: "limit", kind: .integer), QueryParameter(name: "q", kind: .string),
            QueryParameter(name: "all", kind: .boolean), QueryParameter(name: "sort", kind: .string),
        ]
        let needed = [QueryParameter(name: "from", kind: .string)]
        return try ContractSet([
            Contract(
                name: worker, version: "1.0.0", description: "a test's worker",
                policies: Policies(retries: Retries(attempts: 2, perTry: .seconds(60))),
                endpoints: [
                    endpoint("echo", "POST /echo", idempotency: .accepted),
                    endpoint("visit", "POST /visit", details: true),
                    endpoint("get", "GET /things/{id}"),
                    endpoint("list", "GET /things", query: query),
                    endpoint("range", "GET /range", query: needed),
                    endpoint("special", "GET /things/special"),
                    endpoint("status", "PATCH /things/{id}/status", .customer),
                    endpoint("put", "PUT /things/{id}/parts/{part}", status: 204),
                    endpoint("strict", "POST /strict", .customer, idempotency: .required, status: 201),
                    endpoint("staff", "GET /staff", .staff),
                    endpoint("hidden", "GET /hidden", .internal),
                    endpoint("large", "POST /large", bodyLimit: 1 << 20),
                    endpoint("hook", "POST /hook", bodyLimit: 1024, raw: true, forwards: ["Stripe-Signature"]),
                    endpoint("slow", "POST /slow"),
                    endpoint("nobody", "GET /nobody"),
                    endpoint("fail", "POST /fail"),
                ]),
            Contract(
                name: worker + "s", version: "1.0.0", description: "a worker that takes its time",
                policies: Policies(retries: Retries(attempts: 2, perTry: .milliseconds(400))),
                endpoints: [
                    endpoint("get", of: worker + "s", "GET /silent"),
                    endpoint("post", of: worker + "s", "POST /silent", idempotency: .accepted),
                    endpoint("once", of: worker + "s", "POST /once", timeout: .milliseconds(700)),
                ]),
        ])
    }

    /// Shows what came.
    private static let mirror: @Reactor (NATSMessage) -> Answer = { message in
        .ok(
            String(
                decoding: JSONWriter.object { writer in
                    writer.field("subject", message.subject)
                    writer.object("headers") { writer in
                        for (name, value) in message.headers { writer.field(name, value) }
                    }
                    writer.field("body", String(decoding: message.body, as: UTF8.self))
                }, as: UTF8.self))
    }
}

/// What a responder of a test answers.
struct Answer: Sendable {
    var headers: NATSHeaders = []
    var body = ""

    static func ok(_ body: String) -> Answer { Answer(body: body) }

    static func error(_ code: Int, _ text: String, _ body: String = "", retryAfter: String? = nil) -> Answer {
        var headers: NATSHeaders = [("Nats-Service-Error", text), ("Nats-Service-Error-Code", String(code))]
        if let retryAfter { headers.append("Retry-After", retryAfter) }
        return Answer(headers: headers, body: body)
    }
}

extension NATSConnection {
    /// Answers every message on a subject; nil leaves one unanswered.
    @discardableResult
    func answer(
        _ subject: String, _ respond: @escaping @Reactor (NATSMessage) -> Answer?
    ) throws -> NATSSubscription {
        try subscribe(subject, queue: "q") { message in
            guard let answer = respond(message) else { return }
            try? self.respond(to: message, headers: answer.headers, body: Array(answer.body.utf8))
        }
    }
}
