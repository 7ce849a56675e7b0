public import Contracts
public import JSON

/// What travels over NATS, events and requests alike, as an AsyncAPI 3.0 document. The same contracts give the same
/// bytes.
public struct AsyncAPIDocument: Sendable {
    public let json: JSONValue

    /// - Parameters:
    ///   - foreign: names of those contracts that services of others announced: their schemas stay as they are.
    ///   - version: that of the running system.
    ///   - servers: URLs of the broker, such as `nats://localhost:4222`.
    public init(
        _ contracts: ContractSet, foreign: Set<String> = [], version: String, servers: [String] = []
    ) {
        let schemas = ComponentSchemas(contracts, foreign: foreign)
        let streams = contracts.contracts.compactMap(\.stream).map { StreamDocument(stream: $0, schemas: schemas) }
        let calls = contracts.contracts.flatMap { contract in
            contract.endpoints.map { endpoint in
                CallDocument(
                    endpoint: endpoint, schemas: schemas,
                    callers: contracts.contracts.filter { $0.calls.contains(endpoint.subject) }.map(\.name))
            }
        }
        let channels = JSONValue.object(JSONObject(streams.flatMap(\.channels) + calls.flatMap(\.channels)))
        let operations =
            streams.flatMap(\.sends) + calls.map(\.operation)
            + contracts.contracts.flatMap { Self.receives($0.name, contracts) }
        let problem = JSONObject.Member(name: ProblemDocument.schemaName, value: ProblemDocument.schema)
        json = .members([
            "asyncapi": "3.0.0",
            "info": [
                "title": "Flotilla", "version": .string(version), "description": .string(Self.description),
                "tags": .array(
                    contracts.contracts.map {
                        ["name": .string($0.name), "description": .string($0.description)]
                    }),
            ],
            "defaultContentType": "application/json",
            "servers": servers.isEmpty ? nil : BrokerDocument.servers(servers),
            "channels": channels, "operations": .object(JSONObject(operations)),
            "components": ["schemas": .object(JSONObject(schemas.used(by: channels) + [problem]))],
        ])
    }

    /// The document's bytes.
    public func encoded() -> [UInt8] { json.bytes }

    private static let description = """
        Events are CloudEvents in JetStream streams, one subject for each event. Requests go to the subject of an \
        endpoint (`nats req`), which one instance of its worker answers.
        """

    /// The events that a worker wants.
    private static func receives(_ worker: String, _ contracts: ContractSet) -> [JSONObject.Member] {
        contracts.consumed(by: worker).flatMap { consumption, stream in
            stream.types.filter { consumption.wants($0.name) }.map { type in
                StreamDocument.operation("receive", by: worker, type, of: stream)
            }
        }
    }
}
