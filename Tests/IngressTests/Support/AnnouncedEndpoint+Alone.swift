import JSON

@testable import Ingress

extension AnnouncedEndpoint {
    /// The only endpoint of a service.
    /// - Parameter schemas: those that the service has for all its endpoints, as text.
    init(_ json: JSONValue, of service: String, isTrusted: Bool, schemas: String? = nil) {
        var schemas = AnnouncedSchemas(AnnouncedDefinitions(schemas.map { .string($0) }))
        self.init(json, at: 0, of: service, isTrusted: isTrusted, &schemas)
    }
}
