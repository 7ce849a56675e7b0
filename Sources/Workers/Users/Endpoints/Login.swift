import FoundationEssentials
import Worker

/// `users.login`: tokens of a new session for who knows the password.
///
/// An unknown address and a wrong password get the same answer after the same time, and tries are counted alike. Only who
/// knows the password of a suspended account learns that it is suspended.
struct Login {
    let email: String
    let password: String

    init(_ fields: inout Fields) {
        email = fields.email("email").lowercased()
        password = fields.secret("password", bytes: 1...Bcrypt.maxPasswordBytes)
    }

    static func endpoint(_ passwords: PasswordHasher, _ tokens: TokenIssuer, _ held: HeldSignIns) -> Endpoint {
        Endpoint("users.login", { (fields: inout Fields) in Login(&fields) }) { request, context in
            try await request.answer(context, passwords, tokens, held)
        }
    }

    /// Sessions that an account has at most; a further sign-in ends the oldest.
    static let maxSessions = 100

    private static let begin = Statement(
        """
        SELECT b.wait_s, b.delay_s, \(Account.columns) FROM begin_sign_in($1, $2, $3) b
        LEFT JOIN users u ON lower(u.email) = $4 AND u.account_status <> 'deleted'
        """)
    private static let update: Statement = """
        UPDATE users SET last_login = $2, password_hash = coalesce($3, password_hash) WHERE id = $1
        """
    private static let refusal = ServiceError(
        401, "invalid-credentials", "the e-mail address or the password is wrong")

    @Reactor
    private func answer(
        _ context: Context, _ passwords: PasswordHasher, _ tokens: TokenIssuer, _ held: HeldSignIns
    ) async throws -> Reply {
        let throttle = SignInThrottle(email: email, context)
        let found = try await begin(context, throttle, held)
        let matches = try await passwords.verify(password, against: found?.passwordHash, until: context.deadline)
        guard matches, let checked = found else { throw Self.refusal }
        let stronger = try await rehashed(checked, context, passwords)
        var isFirst = true
        return try await context.change({
            defer { isFirst = false }
            // The password has been checked against this hash, and no other.
            guard !isFirst else { return checked }
            guard let current = try await Account.find(checked.id, context), current.email == email,
                current.passwordHash == checked.passwordHash
            else { throw Self.refusal }
            return current
        }) { change in
            try signIn(&change, stronger, context.visitor, tokens, throttle)
        }
    }

    /// Counts the try and looks up the account, in one round trip.
    @Reactor
    private func begin(_ context: Context, _ throttle: SignInThrottle, _ held: HeldSignIns) async throws -> Account? {
        let query = Query(Self.begin, parameters: throttle.keys + [.text(email)])
        guard let row = try await context.database.query(query, deadline: context.deadline.instant).first else {
            return nil
        }
        let wait_s = try row.double(0)
        guard wait_s == 0 else { throw ServiceError.tooManyAttempts(wait_s: wait_s) }
        try await held.wait(try row.double(1), until: context.deadline)
        return try row.uuidOrNil(2) == nil ? nil : try Account(row, from: 2)
    }

    /// The password's new hash when the cost has changed since the account's was made. The old one stays for this time
    /// when the hasher is busy.
    @Reactor
    private func rehashed(_ account: Account, _ context: Context, _ passwords: PasswordHasher) async throws -> String? {
        guard Bcrypt.cost(of: account.passwordHash) != passwords.cost else { return nil }
        do {
            return try await passwords.hash(password, until: context.deadline)
        } catch let error as ServiceError where error.status == 503 && !context.deadline.hasPassed {
            return nil
        }
    }

    @Reactor
    private func signIn(
        _ change: inout AccountChange, _ hash: String?, _ visitor: Visitor, _ tokens: TokenIssuer,
        _ throttle: SignInThrottle
    ) throws -> Reply {
        let account = change.account
        try account.mayLogIn()
        let (grant, recording) = try tokens.open(
            for: account.id, email: account.email, role: account.role, visitor, at: change.now)
        change.add(
            Query(Self.update, .uuid(account.id), .timestamp(change.now.microseconds), .text(hash)))
        change.add(recording)
        if let settlement = throttle.settlement { change.add(settlement) }
        change.tell("USER_LOGIN")
        let surplus = Set(account.sessions.dropLast(Self.maxSessions - 1))
        change.revokeSessions(.tooMany) { surplus.contains($0) }
        return .object { json in
            grant.write(to: &json)
            json.object("user") { json in
                json.field("id", account.id)
                json.field("email", account.email)
                json.field("firstName", account.firstName)
                json.field("lastName", account.lastName)
            }
        }
    }
}
