import FoundationEssentials
import Worker

/// Asks for a mail with a link to an address, whether there is an account or not: the same answer after the same time, one
/// look-up and one commit either way.
struct MailRequest: Sendable {
    let purpose: AccountToken.Purpose
    let links: AccountTokens
    /// Whether an account gets the mail at all.
    let isWanted: @Sendable (Account) -> Bool

    /// When the answer comes at the earliest: a commit with a mail in it takes some tenths of a millisecond more.
    private static let shortest = Duration.milliseconds(25)

    /// Counts the request for the client and looks up the account and how many mails its address may still get.
    private static let begin = Statement(
        """
        SELECT CASE WHEN $2::int = 0 THEN 0 ELSE count_use($1, $2::int, interval '1 hour') END,
            (SELECT a.count FROM attempts a WHERE a.subject = $3 AND a.since > now() - make_interval(secs => $5)),
            \(Account.columns)
        FROM (SELECT 1) one LEFT JOIN users u ON lower(u.email) = $4 AND u.account_status = 'active'
        """)
    private static let count: Statement = "SELECT count_use($1, 1000000, make_interval(secs => $2))"

    @Reactor
    func answer(email: String, _ context: Context) async throws -> Reply {
        let due = ContinuousClock.now + Self.shortest
        let client =
            context.caller == .internal ? nil : AttemptKey.client("mail client", context.visitor)
        let address = AttemptKey.account("mail \(purpose.rawValue)", email)
        let reply = Reply.object { $0.field("status", "accepted") }
        try await context.retryingConflicts {
            let rows = try await context.query(
                Self.begin, .bytes(client), .int(Int64(links.perClient)), .bytes(address), .text(email),
                .double(AccountTokens.window_s))
            guard let row = rows.first else { return }
            let wait_s = try row.doubleOrNil(0) ?? 0
            guard wait_s == 0 else { throw ServiceError.tooManyAttempts(wait_s: wait_s) }
            let counting = Query(Self.count, .bytes(address), .double(AccountTokens.window_s))
            let mayBeSent = try row.intOrNil(1) ?? 0 < AccountTokens.limit
            let isKnown = try row.uuidOrNil(2) != nil
            if isKnown, mayBeSent, case let account = try Account(row, from: 2), isWanted(account) {
                var change = AccountChange(account)
                change.add(counting)
                change.request(purpose)
                try await context.commit(change.queries, events: change.events)
            } else {
                try await context.commit([counting])
            }
        }
        try await Reactor.sleep(for: max(.zero, due - .now))
        return reply
    }
}
