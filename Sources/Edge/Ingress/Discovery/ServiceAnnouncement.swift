import JSON

/// What an instance tells about its service: the answer to `$SRV.INFO` (ADR-32 of NATS).
struct ServiceAnnouncement: Sendable {
    let version: String
    let description: String
    let endpoints: [AnnouncedEndpoint]
    /// Why schemas that it has for all its endpoints are not used.
    let unused: [String]

    /// Longest answer that is read, in bytes.
    static let maxBytes = 256 << 10
    static let maxEndpoints = 200
    /// Longest description of a service or an endpoint, in bytes.
    static let maxDescriptionBytes = 4 << 10

    /// - Parameter isTrusted: whether the operator lets this service choose who may call it.
    /// - Throws: when nothing of it can be used. What is wrong with one endpoint stays with that endpoint.
    init(_ body: [UInt8], of instance: ServiceInstance, isTrusted: Bool) throws(AnnouncementFault) {
        let json: JSONValue
        do { json = try JSONReader.parse(body) } catch { throw AnnouncementFault("its announcement is no JSON") }
        guard json["type"]?.string == "io.nats.micro.v1.info_response", json["name"]?.string == instance.name,
            json["id"]?.string == instance.id
        else { throw AnnouncementFault("its announcement is not that of the service and instance that was asked") }
        guard let version = json["version"]?.string, AnnouncementGrammar.isVersion(version) else {
            throw AnnouncementFault("its version is no semantic version")
        }
        self.version = version
        description = json["description"]?.string ?? ""
        guard description.utf8.count <= Self.maxDescriptionBytes else {
            throw AnnouncementFault("its description is too long")
        }
        var schemas = AnnouncedSchemas(AnnouncedDefinitions(json["metadata"]?["schemas"]))
        unused = schemas.definitions.faults
        switch json["endpoints"] {
        case nil, .null?: endpoints = []
        case .array(let list)?:
            guard list.count <= Self.maxEndpoints else {
                throw AnnouncementFault("it has \(list.count) endpoints; \(Self.maxEndpoints) are taken")
            }
            var endpoints: [AnnouncedEndpoint] = []
            for (index, endpoint) in list.enumerated() {
                endpoints.append(
                    AnnouncedEndpoint(endpoint, at: index, of: instance.name, isTrusted: isTrusted, &schemas))
            }
            self.endpoints = endpoints
        default: throw AnnouncementFault("its endpoints are no list")
        }
    }
}
