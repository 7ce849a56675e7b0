import JSON
import NATS
import Reactor
import Synchronization

/// A service as any client library of NATS would run it: answers `$SRV.PING`, its own `$SRV.INFO`, and its endpoints.
final class PlayedService: Sendable {
    /// One endpoint of an announcement. `metadata` is JSON.
    struct Endpoint: Sendable {
        var name = "e"
        var subject: String
        var metadata: String

        init(_ subject: String, _ metadata: String, name: String = "e") {
            self.name = name
            self.subject = subject
            self.metadata = metadata
        }

        static func http(_ subject: String, _ http: String, _ more: String = "") -> Endpoint {
            Endpoint(subject, #"{"http":"\#(http)"\#(more.isEmpty ? "" : "," + more)}"#)
        }

        var json: String {
            #"{"name":"\#(name)","subject":"\#(subject)","queue_group":"q","metadata":\#(metadata)}"#
        }
    }

    let name: String
    let id: String
    private let info: Mutex<String>
    private let counts = Mutex((pings: 0, asked: 0))
    private let nats: NATSConnection
    private let subscriptions = Mutex<[NATSSubscription]>([])

    /// Pings that it got, by whichever subject.
    var pings: Int { counts.withLock { $0.pings } }
    /// How often it was asked for its announcement.
    var asked: Int { counts.withLock { $0.asked } }

    private init(_ nats: NATSConnection, name: String, id: String, info: String) {
        self.nats = nats
        self.name = name
        self.id = id
        self.info = Mutex(info)
    }

    /// - Parameter answers: subjects that show what came; those of the endpoints unless given.
    static func start(
        _ nats: NATSConnection, _ name: String, id: String = "i1", version: String = "1.0.0",
        _ endpoints: [Endpoint] = [], info: String? = nil, answers: [String]? = nil
    ) async throws -> PlayedService {
        let info = info ?? Self.info(name, id, version, endpoints)
        let service = PlayedService(nats, name: name, id: id, info: info)
        var subscriptions: [NATSSubscription] = []
        let ping = #"{"type":"io.nats.micro.v1.ping_response","name":"\#(name)","id":"\#(id)","version":"1.0.0"}"#
        for subject in ["$SRV.PING", "$SRV.PING.\(name)", "$SRV.PING.\(name).\(id)"] {
            subscriptions.append(
                try await nats.subscribe(subject) {
                    service.counts.withLock { $0.pings += 1 }
                    try? nats.respond(to: $0, body: Array(ping.utf8))
                })
        }
        subscriptions.append(
            try await nats.subscribe("$SRV.INFO.\(name).\(id)") {
                service.counts.withLock { $0.asked += 1 }
                try? nats.respond(to: $0, body: Array(service.info.withLock { $0 }.utf8))
            })
        for subject in answers ?? endpoints.map(\.subject) {
            subscriptions.append(
                try await nats.answer(subject) { message in
                    .ok(
                        String(
                            decoding: JSONWriter.object { writer in
                                writer.field("service", name)
                                writer.field("subject", message.subject)
                                writer.field("actor", message.header("Flotilla-Actor") ?? "")
                                writer.field("body", String(decoding: message.body, as: UTF8.self))
                            }, as: UTF8.self))
                })
        }
        let started = subscriptions
        service.subscriptions.withLock { $0 = started }
        try await nats.flush(timeout: .seconds(60))
        return service
    }

    /// - Parameter metadata: JSON, of the service.
    static func info(
        _ name: String, _ id: String, _ version: String, _ endpoints: [Endpoint], metadata: String = "{}"
    ) -> String {
        #"{"type":"io.nats.micro.v1.info_response","name":"\#(name)","id":"\#(id)","version":"\#(version)","#
            + #""description":"played","metadata":\#(metadata),"endpoints":[\#(endpoints.map(\.json).joined(separator: ","))]}"#
    }

    /// Announces other endpoints from now on.
    func announce(_ endpoints: [Endpoint]) {
        info.withLock { $0 = Self.info(name, id, "1.0.1", endpoints) }
    }

    func stop() async throws {
        let ended = subscriptions.withLock { $0 }
        for subscription in ended { await subscription.unsubscribe() }
        try await nats.flush(timeout: .seconds(60))
    }
}
