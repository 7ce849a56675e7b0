import Worker

/// Whether a customer wants messages of one kind by one channel.
struct Preference: Sendable, Hashable {
    let kind: MessageKind
    let channel: Channel
    let isEnabled: Bool

    /// All that a customer can choose, as it is before anything is chosen.
    static let all = MessageKind.allCases.filter(\.isOptional).flatMap { kind in
        Channel.allCases.map { Preference(kind: kind, channel: $0, isEnabled: true) }
    }
}

/// Reads one from a request.
struct PreferenceRule: FieldRule {
    var placeholder: Preference { Preference(kind: .orders, channel: .email, isEnabled: true) }
    var expectation: String { "a kind that is orders or payments, a channel and whether it is enabled" }

    func read(_ value: JSONValue) -> FieldReading<Preference> {
        var fields = Fields(value)
        let preference = Preference(
            kind: fields.choice("kind", of: MessageKind.self), channel: fields.choice("channel", of: Channel.self),
            isEnabled: fields.bool("enabled"))
        do { try fields.finish() } catch { return .refusedBecause("\(error)") }
        return preference.kind.isOptional ? .accepted(preference) : .refused
    }
}
