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
    /// Nil when it is none that a route may lead to.
    let subject: String?
    let offer: Offer
    /// What was declared and does not count because the operator does not trust the service.
    let overruled: String?

    init(_ json: JSONValue, at index: Int, of service: String, isTrusted: Bool) {
        let name = json["name"]?.string
        label = name.flatMap { AnnouncementGrammar.isName($0) ? $0 : nil } ?? "endpoints[\(index)]"
        subject = json["subject"]?.string.flatMap { AnnouncementGrammar.isSubject($0) ? $0 : nil }
        let metadata = json["metadata"]?.object
        guard let metadata, metadata["http"] != nil || metadata["method"] != nil || metadata["path"] != nil else {
            offer = json.object == nil ? .refused(AnnouncementFault("it is no object")) : .none
            overruled = nil
            return
        }
        var overruled: String?
        do throws(AnnouncementFault) {
            guard let name, AnnouncementGrammar.isName(name) else {
                throw AnnouncementFault("\((name ?? "").echo) is no name of an endpoint")
            }
            guard let subject else {
                throw AnnouncementFault(
                    "\((json["subject"]?.string ?? "").echo) is no subject that a route may lead to")
            }
            let reader = EndpointMetadata(try Self.texts(metadata))
            let access = try reader.access(isTrusted: isTrusted)
            overruled = access.overruled.map { "access \($0)" }
            let (endpoint, http) = try reader.endpoint(
                service: service, name: name, subject: subject, access: access.effective)
            offer = .route(endpoint, http)
        } catch {
            offer = .refused(error)
        }
        self.overruled = overruled
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
