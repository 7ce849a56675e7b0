import Contracts
import JSON
import Schema

/// The metadata of an endpoint that wants a route, and what is taken where it says nothing.
struct EndpointMetadata {
    static let defaultTimeout = Duration.seconds(5)
    static let longestTimeout = Duration.seconds(30)
    /// What fits a NATS message beside its headers.
    static let largestBody = 960 << 10
    /// Longest path, in bytes.
    static let maxPathBytes = 256
    static let maxQueryParameters = 32
    /// Longest text of a schema, in bytes.
    static let maxSchemaBytes = 64 << 10

    private let texts: [String: String]

    init(_ texts: [String: String]) {
        self.texts = texts
    }

    /// Who may call: `customer` unless it says `staff`, or `anyone` and the operator trusts the service.
    func access(isTrusted: Bool) throws(AnnouncementFault) -> (effective: Access, overruled: Access?) {
        guard let text = texts["access"] else { return (.customer, nil) }
        guard let access = Access(rawValue: text), access != .internal else {
            throw AnnouncementFault("expected anyone, customer or staff as access, got \(text.echo)")
        }
        return access != .anyone || isTrusted ? (access, nil) : (.customer, access)
    }

    func endpoint(
        service: String, name: String, subject: String, access: Access
    ) throws(AnnouncementFault) -> (EndpointContract, HTTPRoute) {
        let request = try schema("request")
        if let request, request.kind != .object { throw AnnouncementFault("the request is no schema of an object") }
        let http = try route(request)
        let description = texts["description"] ?? ""
        guard description.utf8.count <= ServiceAnnouncement.maxDescriptionBytes else {
            throw AnnouncementFault("its description is too long")
        }
        let endpoint = EndpointContract(
            worker: service, name: name, subject: subject, description: description, http: http, access: access,
            idempotency: try value("idempotency", "none, accepted or required") { Idempotency(rawValue: $0) } ?? .none,
            timeout: min(
                try value("timeout", "a duration such as 2s") { AnnouncementGrammar.duration($0) }
                    ?? Self.defaultTimeout, Self.longestTimeout),
            bodyLimit: min(
                try value("body_limit", "a size such as 64KiB") { AnnouncementGrammar.bytes($0) }
                    ?? EndpointContract.defaultBodyLimit, Self.largestBody),
            successStatus: try value("status", "a status from 200 to 299") {
                Int($0).flatMap { 200...299 ~= $0 ? $0 : nil }
            } ?? 200,
            request: request, reply: try schema("reply"))
        return (endpoint, http)
    }

    /// Only reads are sent a second time, and nothing else when nobody received it.
    static func policies(for endpoint: EndpointContract) -> Policies {
        Policies(
            retries: Retries(attempts: endpoint.isRepeatable ? 1 : 0, perTry: defaultTimeout), timeout: defaultTimeout)
    }

    // MARK: - Route

    private func route(_ request: JSONSchema?) throws(AnnouncementFault) -> HTTPRoute {
        let text = texts["http"] ?? "\(texts["method"] ?? "") \(texts["path"] ?? "")"
        guard text.utf8.count <= Self.maxPathBytes, let route = HTTPRoute(text) else {
            throw AnnouncementFault("expected a method and a path such as GET /reviews/{id}, got \(text.echo)")
        }
        guard route.segments.count <= RouteTree.maxSegments else {
            throw AnnouncementFault("its path has more than \(RouteTree.maxSegments) segments")
        }
        guard case .literal = route.segments.first else {
            throw AnnouncementFault("its path begins with a parameter, which would take every path")
        }
        for case .literal(let literal) in route.segments where !literal.utf8.allSatisfy({ $0 != UInt8(ascii: ".") }) {
            throw AnnouncementFault("its path has a dot")
        }
        return HTTPRoute(method: route.method, segments: route.segments, query: try query(route, request))
    }

    private func query(_ route: HTTPRoute, _ request: JSONSchema?) throws(AnnouncementFault) -> [QueryParameter] {
        let properties = request?.properties ?? []
        if request != nil {
            for name in route.parameters {
                guard let property = properties.first(where: { $0.name == name }), property.isRequired,
                    property.schema.kind == .string
                else { throw AnnouncementFault("the path's \(name) is no string that the request requires") }
            }
        }
        let parameters: [QueryParameter]
        if let list = texts["query"] {
            parameters = try self.parameters(list, route, request == nil ? nil : properties)
        } else if route.method == .get || route.method == .delete {
            parameters = properties.compactMap { property in
                guard !route.parameters.contains(property.name), AnnouncementGrammar.isMemberName(property.name),
                    let kind = property.schema.kind, kind != .array, kind != .object
                else { return nil }
                return QueryParameter(name: property.name, kind: kind)
            }
        } else {
            parameters = []
        }
        guard parameters.count <= Self.maxQueryParameters else {
            throw AnnouncementFault("it has more than \(Self.maxQueryParameters) query parameters")
        }
        return parameters
    }

    private func parameters(
        _ list: String, _ route: HTTPRoute, _ properties: [JSONSchema.Property]?
    ) throws(AnnouncementFault) -> [QueryParameter] {
        var parameters: [QueryParameter] = []
        for part in list.split(separator: ",").prefix(Self.maxQueryParameters + 1) {
            let name = part.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
            guard AnnouncementGrammar.isMemberName(name), !route.parameters.contains(name),
                !parameters.contains(where: { $0.name == name })
            else { throw AnnouncementFault("\(name.echo) is no query parameter, or there are two of it") }
            var kind = JSONSchema.Kind.string
            if let properties {
                guard let known = properties.first(where: { $0.name == name })?.schema.kind, known != .array,
                    known != .object
                else { throw AnnouncementFault("the query parameter \(name) is no scalar property of the request") }
                kind = known
            }
            parameters.append(QueryParameter(name: name, kind: kind))
        }
        return parameters
    }

    // MARK: - Values

    private func value<T>(_ key: String, _ expected: String, _ read: (String) -> T?) throws(AnnouncementFault) -> T? {
        guard let text = texts[key] else { return nil }
        guard let value = read(text) else {
            throw AnnouncementFault("expected \(expected) as \(key), got \(text.echo)")
        }
        return value
    }

    private func schema(_ key: String) throws(AnnouncementFault) -> JSONSchema? {
        guard let text = texts[key] else { return nil }
        guard text.utf8.count <= Self.maxSchemaBytes, let document = try? JSONReader.parse(text) else {
            throw AnnouncementFault("the \(key) is no JSON Schema of at most \(Self.maxSchemaBytes >> 10) KiB")
        }
        do {
            return try JSONSchema(document.withoutPatterns)
        } catch {
            let fault = error.faults.first.map { "\($0)" } ?? "not supported"
            throw AnnouncementFault("the schema of the \(key) is not taken: \(fault.prefix(200))")
        }
    }
}
