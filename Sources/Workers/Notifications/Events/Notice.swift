import FoundationEssentials
import Worker

/// What somebody is to be told because of an event.
struct Notice: Sendable {
    let template: TemplateName
    let audience: Audience
    /// The order that it is about.
    var orderId: UUID?
    /// What the template shows, without anything about the recipient and without secrets.
    var data: JSONObject

    enum Audience: Sendable, Equatable {
        case user(UUID)
        /// The addresses of the settings.
        case staff
    }

    init(_ template: TemplateName, to audience: Audience, orderId: UUID? = nil, _ data: JSONObject = JSONObject()) {
        self.template = template
        self.audience = audience
        self.orderId = orderId
        self.data = data
    }
}

extension UUID {
    /// How people call an order: the last eight digits of its id, which are random.
    var reference: String { String(text.suffix(8)).uppercased() }
}
