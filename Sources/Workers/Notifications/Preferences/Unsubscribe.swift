import Worker

/// `notifications.unsubscribe` and `.explain`: the link of a mail. Only a POST acts (RFC 8058); programs that look for harm, and
/// people who only look, open it with GET.
enum Unsubscribe {
    static func endpoints(_ key: UnsubscribeKey) -> [Endpoint] { [act(key), explain(key)] }

    private static func act(_ key: UnsubscribeKey) -> Endpoint {
        Endpoint("notifications.unsubscribe") {
            $0.string("token")
        } _: { text, context in
            let token = try await token(text, key, context)
            let off = Preference(kind: token.kind, channel: .email, isEnabled: false)
            _ = try await context.database.query(
                PreferenceBook(userId: token.userId).writing([off]), deadline: context.deadline.instant)
            return .object { json in
                json.field("kind", token.kind.rawValue)
                json.field("channel", Channel.email.rawValue)
                json.field("enabled", false)
            }
        }
    }

    private static func explain(_ key: UnsubscribeKey) -> Endpoint {
        Endpoint("notifications.unsubscribe.explain") {
            $0.string("token")
        } _: { text, context in
            let token = try await token(text, key, context)
            return .object { json in
                json.field("kind", token.kind.rawValue)
                json.field("channel", Channel.email.rawValue)
                json.field(
                    "explanation",
                    "POST to this address to get no more mails about \(token.kind.rawValue). Nothing has been changed.")
            }
        }
    }

    @Reactor
    private static func token(
        _ text: String, _ key: UnsubscribeKey, _ context: Context
    ) async throws -> UnsubscribeToken {
        guard let token = UnsubscribeToken(text, key: try await key.value(context)) else {
            throw ServiceError(
                404, "unsubscribe-link-invalid", "the link is none of a mail of ours; it may be incomplete")
        }
        return token
    }
}
