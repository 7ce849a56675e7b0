import FoundationEssentials
import Worker

/// Asks somebody who is signed in for the account's password again. Tries are counted, so that a stolen access token is no
/// way to find the password out.
struct PasswordCheck: Sendable {
    let passwords: PasswordHasher

    private static let select = Statement(
        "SELECT count_attempt($2, 5, 60), \(Account.columns) FROM users u WHERE u.id = $1 AND u.account_status <> 'deleted'"
    )
    private static let settle: Statement = "DELETE FROM attempts WHERE subject = $1"

    /// The account, whose password it is, and the statement that forgets the try.
    /// - Throws: 404 without the account, 403 `wrong-password`, 429.
    @Reactor
    func account(_ id: UUID, password: String, _ context: Context) async throws -> (Account, settling: Query) {
        let key = AttemptKey.account("password", id.text)
        guard let row = try await context.query(Self.select, .uuid(id), .bytes(key)).first else {
            throw Caller.notFound(id)
        }
        let wait_s = try row.double(0)
        guard wait_s == 0 else { throw ServiceError.tooManyAttempts(wait_s: wait_s) }
        let account = try Account(row, from: 1)
        guard try await passwords.verify(password, against: account.passwordHash, until: context.deadline) else {
            throw ServiceError(403, "wrong-password", "this is not the account's password")
        }
        return (account, Query(Self.settle, .bytes(key)))
    }
}
