import Contracts
import JSON
import Schema

/// The metadata of an endpoint that wants a route, and what is taken where it says nothing.
///
/// What is wrong with a schema costs that schema only; anything else that is wrong costs the endpoint.
struct EndpointMetadata {
    static let defaultTimeout = Duration.seconds(5)
    static let longestTimeout = Duration.seconds(30)
    /// What fits a NATS message beside its headers.
    static let largestBody = 960 << 10
    /// Longest path, in bytes.
    static let maxPathBytes = 256
    static let maxQueryParameters = 32

    /// What was read.
    struct Reading {
        let endpoint: EndpointContract
        let http: HTTPRoute
        /// What its schemas refer to.
        let definitions: [SchemaDefinition]
        /// Why a schema of it is not used.
        let unused: [String]
    }

    let texts: [String: String]

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

    /// - Parameter schemas: reads those of the whole service.
    func read(
        service: String, name: String, subject: String, access: Access, _ schemas: inout AnnouncedSchemas
    ) throws(AnnouncementFault) -> Reading {
        let plain = try plainRoute()
        let request = try request(of: plain, &schemas)
        let status = try status()
        let reply = reply(&schemas)
        let http = HTTPRoute(method: plain.method, segments: plain.segments, query: request.query)
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
            successStatus: status, request: request.usable?.schema ?? Self.sketch(of: http),
            reply: reply.usable?.schema)
        var definitions = request.usable?.definitions ?? []
        for definition in reply.usable?.definitions ?? [] where !definitions.contains(where: { $0 == definition }) {
            definitions.append(definition)
        }
        return Reading(
            endpoint: endpoint, http: http, definitions: definitions,
            unused: [request.unused, reply.unused].compactMap { $0 })
    }

    /// Only reads are sent a second time, and nothing else when nobody received it.
    static func policies(for endpoint: EndpointContract) -> Policies {
        Policies(
            retries: Retries(attempts: endpoint.isRepeatable ? 1 : 0, perTry: defaultTimeout), timeout: defaultTimeout)
    }

    /// 205 tells a browser to clear its form, and 206 that it gets a part of what it asked for: neither is an answer of
    /// a service that knows nothing of either.
    private func status() throws(AnnouncementFault) -> Int {
        let expected = "a status from 200 to 299 other than 205 and 206"
        let status =
            try value("status", expected) { text in
                Int(text).flatMap { 200...299 ~= $0 && $0 != 205 && $0 != 206 ? $0 : nil }
            } ?? 200
        if status == 204, texts["reply"] != nil {
            throw AnnouncementFault("it declares a reply, and the status 204, which has no body")
        }
        return status
    }

    private func value<T>(_ key: String, _ expected: String, _ read: (String) -> T?) throws(AnnouncementFault) -> T? {
        guard let text = texts[key] else { return nil }
        guard let value = read(text) else {
            throw AnnouncementFault("expected \(expected) as \(key), got \(text.echo)")
        }
        return value
    }
}
