import Contracts
import JSON
import NATS
import Reactor
import Schema

/// Answers `$SRV.PING`, `INFO` and `STATS` (ADR-32 of NATS), so that every client of that protocol sees the worker.
@Reactor
final class ServiceDiscovery {
    private let contract: Contract
    private let id: String
    private let metadata: [(String, String)]
    private let servers: [EndpointServer]
    private let started = Timestamp.now()
    private let nats: NATSConnection
    private let replySubjects: ReplySubjects
    private var subscriptions: [NATSSubscription] = []

    init(contract: Contract, id: String, metadata: [(String, String)], servers: [EndpointServer], services: Services) {
        self.contract = contract
        self.id = id
        self.metadata = metadata
        self.servers = servers
        nats = services.nats
        replySubjects = services.replySubjects
    }

    /// Plain subscriptions, not a queue group: every instance answers. Without wildcards, so that the permissions of a user
    /// need none that reach other services.
    func subscribe() throws(NATSError) {
        for verb in ["PING", "INFO", "STATS"] {
            for subject in ["$SRV.\(verb)", "$SRV.\(verb).\(contract.name)", "$SRV.\(verb).\(contract.name).\(id)"] {
                subscriptions.append(
                    try nats.subscribe(subject) { [weak self] message in self?.answer(message) })
            }
        }
    }

    func unsubscribe() {
        for subscription in subscriptions { subscription.unsubscribe() }
        subscriptions = []
    }

    private func answer(_ message: NATSMessage) {
        guard message.wantsReply, replySubjects.allow(message) else { return }
        let verb = message.subject.split(separator: ".").dropFirst().first
        let body: [UInt8]
        switch verb {
        case "PING": body = ping()
        case "INFO": body = info()
        case "STATS": body = stats()
        default: return
        }
        // Whoever asked repeats it; there is nobody else to tell.
        try? nats.respond(to: message, body: body)
    }

    private func identity(_ type: String, _ json: inout JSONWriter, more: [(String, String)] = []) {
        json.field("type", "io.nats.micro.v1.\(type)_response")
        json.field("name", contract.name)
        json.field("id", id)
        json.field("version", contract.version)
        json.object("metadata") { json in for (name, value) in metadata + more { json.field(name, value) } }
    }

    private func ping() -> [UInt8] {
        JSONWriter.object { identity("ping", &$0) }
    }

    private func info() -> [UInt8] {
        JSONWriter.object(capacity: 2_048) { json in
            // What the schemas of the endpoints refer to as "#/schemas/…".
            let schemas = JSONValue.object(
                JSONObject(contract.schemas.map { .init(name: $0.name, value: $0.schema.document) }))
            identity("info", &json, more: contract.schemas.isEmpty ? [] : [("schemas", "\(schemas)")])
            json.field("description", contract.description)
            json.objects("endpoints", servers) { json, server in
                let endpoint = server.contract
                json.field("name", endpoint.name)
                json.field("subject", endpoint.subject)
                json.field("queue_group", EndpointServer.queueGroup)
                json.object("metadata") { Self.describe(endpoint, to: &$0) }
            }
        }
    }

    /// All that a client or a gateway needs to know; values are texts (ADR-32 of NATS).
    private static func describe(_ endpoint: EndpointContract, to json: inout JSONWriter) {
        json.field("description", endpoint.description)
        json.field("access", endpoint.access.rawValue)
        json.field("idempotency", endpoint.idempotency.rawValue)
        json.field("timeout", "\(endpoint.timeout.milliseconds)ms")
        json.field("body_limit", "\(endpoint.bodyLimit)")
        if let http = endpoint.http {
            json.field("http", "\(http)")
            json.field("method", http.method.rawValue)
            json.field("path", http.path)
            json.field("status", "\(endpoint.successStatus)")
            if !http.query.isEmpty { json.field("query", http.query.map(\.name).joined(separator: ",")) }
        }
        if let request = endpoint.request { json.field("request", "\(request.document)") }
        if let reply = endpoint.reply { json.field("reply", "\(reply.document)") }
    }

    private func stats() -> [UInt8] {
        JSONWriter.object(capacity: 2_048) { json in
            identity("stats", &json)
            json.field("started", started)
            json.objects("endpoints", servers) { json, server in
                let statistics = server.statistics
                json.field("name", server.contract.name)
                json.field("subject", server.contract.subject)
                json.field("queue_group", EndpointServer.queueGroup)
                json.field("num_requests", statistics.requests)
                json.field("num_errors", statistics.errors)
                json.field("last_error", statistics.lastError)
                json.field("processing_time", statistics.processingTime_ns)
                json.field("average_processing_time", statistics.average_ns)
                json.object("data") { json in
                    json.field("expired", statistics.expired)
                    json.field("shed", statistics.shed)
                }
            }
        }
    }
}
