import FoundationEssentials
import JSON

/// What `format` may be.
enum StringFormat: String, Sendable, CaseIterable {
    case uuid
    case email
    case dateTime = "date-time"
    case uri
    /// A secret: nothing of it is repeated in what is wrong with it (the OpenAPI registry of formats).
    case password

    /// - Parameter withLength: false when a length follows.
    func expectation(withLength: Bool) -> String {
        switch self {
        case .uuid: UUIDRule().expectation
        case .email: withLength ? EmailRule().expectation : "an e-mail address"
        case .dateTime: TimestampRule().expectation
        case .uri: "a URI"
        case .password: "a string"
        }
    }

    func matches(_ text: String) -> Bool {
        switch self {
        case .uuid: UUID(text: text) != nil
        case .email: EmailRule.matches(text)
        case .dateTime: Timestamp(text: text) != nil
        case .uri: URIRule.matches(text)
        case .password: true
        }
    }
}
