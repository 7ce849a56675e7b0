public import Contracts
public import JSON

/// What the ingress answers over HTTP, as an OpenAPI 3.1 document. The same contracts give the same bytes.
public struct OpenAPIDocument: Sendable {
    public let json: JSONValue

    /// - Parameters:
    ///   - foreign: names of those contracts that services of others announced: their schemas stay as they are.
    ///   - version: that of the running system.
    ///   - servers: base URLs of the ingress; without one, where the document was loaded from.
    public init(
        _ contracts: ContractSet, foreign: Set<String> = [], version: String, servers: [String] = []
    ) {
        let schemas = ComponentSchemas(contracts, foreign: foreign)
        let paths = Self.paths(contracts, schemas)
        let servers = servers.isEmpty ? ["/"] : servers
        json = [
            "openapi": "3.1.0",
            "info": ["title": "Flotilla", "version": .string(version), "description": .string(Self.description)],
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "servers": .array(servers.map { ["url": .string($0)] }),
            "tags": Self.tags(contracts),
            "paths": paths,
            "components": Self.components(schemas, paths),
        ]
    }

    /// The document's bytes.
    public func encoded() -> [UInt8] { json.bytes }

    private static let description = """
        Every request body is one JSON object. The fleet's own workers refuse members that are not known.

        - Refusals are problem documents (RFC 9457); `type` tells them apart.
        - Who signs in gets a token, which goes into `Authorization: Bearer …`.
        - Every GET answers HEAD, too, and every path answers OPTIONS.
        - Ids are UUIDs, amounts of money are exact decimal numbers.
        """

    private static func tags(_ contracts: ContractSet) -> JSONValue {
        let workers = contracts.contracts.filter { $0.endpoints.contains { $0.isOffered } }.map { contract in
            JSONValue.members(["name": .string(contract.name), "description": .string(contract.description)])
        }
        return .array(workers + [OwnPaths.tag])
    }

    private static func paths(_ contracts: ContractSet, _ schemas: ComponentSchemas) -> JSONValue {
        let offered = contracts.contracts.flatMap { $0.endpoints.filter(\.isOffered) }
        let ids = Naming.distinct(offered.map(\.subject)) { $0.replacing(".", with: "_") }
        var paths = JSONObject()
        for contract in contracts.contracts {
            for endpoint in contract.endpoints where endpoint.isOffered {
                guard let http = endpoint.http else { continue }
                let operation = OperationDocument(
                    endpoint: endpoint, http: http,
                    parts: RequestParts(
                        endpoint, http, in: contract, isClosed: !schemas.foreign.contains(contract.name)),
                    id: ids[endpoint.subject] ?? endpoint.subject, schemas: schemas)
                let path = "/api/v1\(http.path)"
                paths[path] = (paths[path] ?? [:]).with(http.method.rawValue.lowercased(), operation.json)
            }
        }
        return .object(JSONObject(paths.members + OwnPaths.paths))
    }

    private static func components(_ schemas: ComponentSchemas, _ paths: JSONValue) -> JSONValue {
        let problem = JSONObject.Member(name: ProblemDocument.schemaName, value: ProblemDocument.schema)
        return [
            "schemas": .object(JSONObject(schemas.used(by: paths) + [problem])),
            "responses": ResponseDocument.shared,
            "headers": HeaderDocument.components,
            "securitySchemes": [
                OperationDocument.scheme: [
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "A token of the fleet. Staff may do what customers may.",
                ]
            ],
        ]
    }
}

extension EndpointContract {
    /// Whether the ingress has a route for it.
    fileprivate var isOffered: Bool { http != nil && access != .internal }
}
