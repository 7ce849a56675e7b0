/// A way that messages go.
enum Channel: String, CaseIterable, Sendable {
    case email
    case webhook
}
