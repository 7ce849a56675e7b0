import Contracts
import JSON

/// One endpoint of an announcement, looked at once.
struct AnnouncedEndpoint: Sendable {
    enum Offer: Sendable {
        /// It wants no route.
        case none
        case route(EndpointContract, HTTPRoute)
        case refused(AnnouncementFault)
    }

    /// For logs: its name, or where it stands when that is unusable.
    let label: String
    /// Nil when it is none that a route of this service may lead to.
    let subject: String?
    let offer: Offer
    /// What its schemas refer to.
    let definitions: [SchemaDefinition]
    /// Why a schema of it is not used.
    let unused: [String]
    /// What was declared and does not count because the operator does not trust the service.
    let overruled: String?

    init(
        _ json: JSONValue, at index: Int, of service: String, isTrusted: Bool, _ schemas: inout AnnouncedSchemas
    ) {
        let name = json["name"]?.string
        let text = json["subject"]?.string
        let isOwn = isTrusted || text.map { Self.isOwn($0, of: service) } ?? false
        let subject = text.flatMap { AnnouncementGrammar.isSubject($0) && isOwn ? $0 : nil }
        label = name.flatMap { AnnouncementGrammar.isName($0) ? $0 : nil } ?? "endpoints[\(index)]"
        self.subject = subject
        let metadata = json["metadata"]?.object
        guard let metadata, metadata["http"] != nil || metadata["method"] != nil || metadata["path"] != nil else {
            offer = json.object == nil ? .refused(AnnouncementFault("it is no object")) : .none
            (definitions, unused, overruled) = ([], [], nil)
            return
        }
        var overruled: String?
        do throws(AnnouncementFault) {
            guard let name, AnnouncementGrammar.isName(name) else {
                throw AnnouncementFault("\((name ?? "").echo) is no name of an endpoint")
            }
            guard let text, AnnouncementGrammar.isSubject(text) else {
                throw AnnouncementFault("\((text ?? "").echo) is no subject that a route may lead to")
            }
            guard let subject else {
                throw AnnouncementFault(
                    "the subject \(text) does not begin with the service's name; only trusted services may offer it")
            }
            let reader = EndpointMetadata(try Self.texts(metadata))
            let access = try reader.access(isTrusted: isTrusted)
            overruled = access.overruled.map { "access \($0)" }
            let reading = try reader.read(
                service: service, name: name, subject: subject, access: access.effective, &schemas)
            offer = .route(reading.endpoint, reading.http)
            (definitions, unused) = (reading.definitions, reading.unused)
        } catch {
            offer = .refused(error)
            (definitions, unused) = ([], [])
        }
        self.overruled = overruled
    }

    /// Without this rule, a stranger could lead HTTP to any subject of the broker.
    private static func isOwn(_ subject: String, of service: String) -> Bool {
        subject.prefix { $0 != "." }.lowercased() == service.lowercased()
    }

    private static func texts(_ metadata: JSONObject) throws(AnnouncementFault) -> [String: String] {
        var texts: [String: String] = [:]
        for member in metadata.members {
            guard let text = member.value.string else {
                throw AnnouncementFault("the metadata \(member.name.echo) is no text")
            }
            texts[member.name] = text
        }
        return texts
    }
}
