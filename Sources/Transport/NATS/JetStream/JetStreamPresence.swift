/// How a stream or a consumer that is there compares to one that is wanted.
public enum JetStreamPresence: Sendable, Hashable {
    case missing
    /// The names of the fields that differ, sorted, such as `max_age`.
    case different([String])
    case asWanted

    /// - Parameter present: nil when there is none.
    init(_ present: [String: JSONTree]?, wanted: [String: JSONTree]) {
        guard let present else {
            self = .missing
            return
        }
        let fields = wanted.filter { present[$0.key] != $0.value }.map(\.key).sorted()
        self = fields.isEmpty ? .asWanted : .different(fields)
    }
}
