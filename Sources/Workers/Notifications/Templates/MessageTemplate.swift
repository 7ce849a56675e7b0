import Mustache
import Worker

/// The parsed files of one template.
struct MessageTemplate: Sendable {
    let subject: MustacheTemplate
    let text: MustacheTemplate
    let html: MustacheTemplate
    /// An example of all data that a message of this kind can have.
    let sample: JSONObject
}
