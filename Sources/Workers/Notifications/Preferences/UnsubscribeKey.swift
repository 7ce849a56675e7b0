import Worker

/// The key of the links that end mails; made with the schema, the same for all instances.
@Reactor
final class UnsubscribeKey {
    private var known: [UInt8]?

    private static let select: Statement = "SELECT value FROM keys WHERE name = 'unsubscribe'"

    nonisolated init() {}

    func value(_ context: Context) async throws -> [UInt8] {
        if let known { return known }
        guard let key = try await context.query(Self.select).first?.bytes(0), key.count >= 32 else {
            throw ServiceError.unavailable("the key of unsubscribe links is missing")
        }
        known = key
        return key
    }
}
