import FoundationEssentials
import Worker

/// `notifications.preferences.get` and `.set`: customers their own, staff anybody's.
enum PreferenceEndpoints {
    static let get = Endpoint("notifications.preferences.get") {
        $0.optionalUUID("userId")
    } _: { userId, context in
        let book = try book(userId, context.caller)
        return try book.reply(try await context.database.query(book.reading, deadline: context.deadline.instant))
    }

    static let set = Endpoint("notifications.preferences.set") { fields in
        (
            userId: fields.optionalUUID("userId"),
            preferences: fields.values("preferences", count: 1...10, PreferenceRule())
        )
    } _: { request, context in
        let book = try book(request.userId, context.caller)
        guard Set(request.preferences.map { "\($0.kind) \($0.channel)" }).count == request.preferences.count else {
            throw ServiceError.invalid("/preferences", "names the same kind and channel twice")
        }
        let results = try await context.database.batch(
            [book.writing(request.preferences), book.reading], deadline: context.deadline.instant)
        return try book.reply(results[1])
    }

    private static func book(_ userId: UUID?, _ caller: Caller) throws -> PreferenceBook {
        let own: UUID? =
            switch caller {
            case .customer(let id), .staff(let id): id
            case .internal, .anonymous: nil
            }
        if let confined = caller.confinedTo, let userId, userId != confined {
            throw ServiceError(403, "forbidden", "only staff see the preferences of others")
        }
        guard let userId = userId ?? own else {
            throw ServiceError.invalid("/userId", "is required of a caller who is no user")
        }
        return PreferenceBook(userId: userId)
    }
}
