import FleetTesting
import FoundationEssentials
import JSON
import NATS
import Testing
import Worker

@testable import Users

@Suite("Sessions", .serialized)
struct SessionTests {
    @Test("a refresh token is exchanged for the next, in the same session")
    func rotation() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            var token = ada.refreshToken
            var seen: Set = [token]
            for generation in 1...5 {
                let answer = try await ada.refresh(token)
                #expect(answer.status == 0, "\(answer.body)")
                token = try #require(answer.body["refreshToken"]?.string)
                #expect(seen.insert(token).inserted)
                #expect(answer.body["session"]?.string == ada.session)
                #expect(answer.body["expiresIn"]?.int64 == 86_400)
                let claims = try UsersLiveTests.claims(of: answer.body["token"]?.string ?? "")
                #expect(claims["sub"]?.string == ada.id && claims["sid"]?.string == ada.session)
                #expect(
                    try await fleet.sql(
                        "SELECT generation, expires_at > now() + interval '29 days' FROM users.user_sessions")
                        == ["\(generation)|t"])
            }
            // No event for each, and no token where others look.
            #expect(try await fleet.events(of: ada.id, after: 2) == [])
            for token in seen {
                let secret = token.split(separator: ".")[2]
                for table in ["user_sessions", "events", "idempotency_keys"] {
                    #expect(
                        try await fleet.sql("SELECT count(*) FROM users.\(table) t WHERE t::text LIKE '%\(secret)%'")
                            == ["0"])
                }
            }
        }
    }

    @Test("a token that was used before ends the session for whoever has it, and no other session")
    func reuse() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let phone = try await ada.signIn()
            let second = try #require(try await ada.refresh().body["refreshToken"]?.string)
            let third = try #require(try await ada.refresh(second).body["refreshToken"]?.string)
            let stolen = try await ada.refresh(ada.refreshToken)
            #expect(stolen.status == 401 && stolen.problem == "refresh-token-reused")
            for token in [ada.refreshToken, second, third] {
                #expect(try await ada.refresh(token).problem == "invalid-refresh-token")
            }
            #expect(try await phone.refresh().status == 0)
            #expect(try await fleet.events(of: ada.id, after: 3) == ["USER_SESSIONS_REVOKED"])
            #expect(
                try await fleet.sql(
                    "SELECT revoked_reason, revoked_at IS NOT NULL FROM users.user_sessions WHERE revoked")
                    == ["refresh-token-reused|t"])
        }
    }

    @Test("a client that lost the answer gets it again for ten seconds, and not after")
    func grace() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let lost = try await ada.refresh()
            let again = try await ada.refresh()
            #expect(again.status == 0 && again.body["refreshToken"] == lost.body["refreshToken"])
            _ = try await fleet.sql("UPDATE users.user_sessions SET rotated_at = now() - interval '11 seconds'")
            #expect(try await ada.refresh().problem == "refresh-token-reused")
        }
    }

    @Test("of many who refresh one token at once, on two instances, all get the same next one")
    func concurrent() async throws {
        try await UsersLiveTests.twoInstances { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await ada.refresh() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 0 })
            #expect(Set(answers.map { $0.body["refreshToken"]?.string }).count == 1)
            #expect(try await fleet.sql("SELECT generation FROM users.user_sessions") == ["1"])
        }
    }

    @Test("what was never given out, or has ended, is refused alike and ends nothing")
    func refused() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let tokens = RefreshTokens(try TokenSigner(seed: TokenSignerTests.seed))
            let session = try #require(UUID(text: ada.session))
            let parts = ada.refreshToken.split(separator: ".")
            let made = [
                "x", "..", "\(parts[0]).0.", "\(parts[0]).1.\(parts[2])", "\(parts[0]).-1.\(parts[2])",
                "\(parts[0]).00.\(parts[2])", "\(parts[0].uppercased()).0.\(parts[2])", "\(ada.refreshToken)A",
                "\(ada.refreshToken).", tokens.text(of: RefreshToken(session: session, generation: 7)),
                tokens.text(of: RefreshToken(session: UUIDv7.next(), generation: 0)),
            ]
            for token in made {
                let answer = try await ada.refresh(token)
                #expect(answer.status == 401 && answer.problem == "invalid-refresh-token", "\(token)")
            }
            #expect(try await fleet.openSessions(of: ada.id) == [ada.session])
            for (change, undo) in [
                ("expires_at = now()", "expires_at = now() + interval '1 day'"), ("revoked = true", "revoked = false"),
            ] {
                _ = try await fleet.sql("UPDATE users.user_sessions SET \(change)")
                #expect(try await ada.refresh().problem == "invalid-refresh-token", "\(change)")
                _ = try await fleet.sql("UPDATE users.user_sessions SET \(undo)")
            }
            for status in ["suspended", "deleted"] {
                _ = try await fleet.sql("UPDATE users.users SET account_status = '\(status)'")
                #expect(try await ada.refresh().problem == "invalid-refresh-token", "\(status)")
            }
            #expect(try await fleet.call("users.refresh", #"{"refreshToken":""}"#).status == 400)
        }
    }

    @Test("signing out ends the session of the refresh token, of the access token, or all of them, once")
    func logout() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let eve = try await Member.register(fleet, "eve@example.com")
            let (second, third, fourth) = (try await ada.signIn(), try await ada.signIn(), try await ada.signIn())
            func logOut(_ body: String, _ headers: NATSHeaders = [], actor: String = "anonymous") async throws
                -> TestFleet.Answer
            {
                try await fleet.call("users.logout", body, actor: actor, headers: headers)
            }
            let byToken = #"{"refreshToken":"\#(ada.refreshToken)"}"#
            #expect(try await logOut(byToken).body["revoked"]?.int64 == 1)
            #expect(try await logOut(byToken).body["revoked"]?.int64 == 0)
            #expect(try await ada.refresh().status == 401)
            let own: NATSHeaders = [("Flotilla-Session", second.session)]
            #expect(try await logOut("{}", own, actor: "customer:\(ada.id)").body["revoked"]?.int64 == 1)
            #expect(try await second.refresh().status == 401)
            // A session of somebody else's is none.
            #expect(try await logOut("{}", own, actor: "customer:\(eve.id)").problem == "no-session")
            for (body, actor) in [
                ("{}", "anonymous"), ("{}", "customer:\(ada.id)"), (#"{"refreshToken":"x"}"#, "anonymous"),
            ] {
                #expect(try await logOut(body, actor: actor).problem == "no-session")
            }
            let all = #"{"all":true,"refreshToken":"\#(third.refreshToken)"}"#
            #expect(try await logOut(all).body["revoked"]?.int64 == 2)
            #expect(try await fourth.refresh().status == 401)
            #expect(try await eve.refresh().status == 0)
            let revoked = try await fleet.sql(
                "SELECT payload ->> 'reason' FROM users.events WHERE type = 'USER_SESSIONS_REVOKED'")
            #expect(revoked == ["logged-out", "logged-out", "logged-out"])
        }
    }

    @Test("an account's sessions show device, address and times, to its owner and staff alone")
    func list() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let eve = try await Member.register(fleet, "eve@example.com")
            let phone = try await ada.signIn(from: "2001:db8::7")
            let sessions = try #require(try await phone.call("users.sessions.list").body["sessions"]?.array)
            #expect(sessions.map { $0["id"]?.string } == [phone.session, ada.session])
            #expect(sessions.map { $0["current"]?.bool } == [true, false])
            #expect(sessions[0]["device"] == "Browser/1.0" && sessions[0]["ip"] == "2001:db8::7")
            #expect(sessions[1]["device"] == nil && sessions[1]["ip"] == nil)
            for member in ["createdAt", "lastSeenAt", "expiresAt"] {
                #expect(Timestamp(text: sessions[0][member]?.string ?? "") != nil)
            }
            #expect(try await eve.call("users.sessions.list", of: ada.id).status == 404)
            #expect(
                try await fleet.call(
                    "users.sessions.list", #"{"id":"\#(ada.id)"}"#, actor: "staff:\(eve.id)"
                ).body["sessions"]?.array?.count == 2)
            _ = try await phone.call("users.sessions.clear")
            _ = try await phone.call("users.sessions.revoke", #""sessionId":"\#(phone.session)""#)
            #expect(try await phone.call("users.sessions.list").body["sessions"]?.array?.isEmpty == true)
        }
    }

    @Test("one session is ended, or all but the one that asks; nobody ends another's")
    func revoke() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            var staff = try await Member.register(fleet, "staff@example.com")
            staff.role = "staff"
            let eve = try await Member.register(fleet, "eve@example.com")
            let (second, third) = (try await ada.signIn(), try await ada.signIn())
            let one = #""sessionId":"\#(second.session)""#
            #expect(try await eve.call("users.sessions.revoke", one, of: ada.id).status == 404)
            #expect(try await staff.call("users.sessions.revoke", one, of: ada.id).problem == "not-your-account")
            #expect(try await staff.call("users.sessions.clear", of: ada.id).problem == "not-your-account")
            // By one's own account, but the session is another's.
            #expect(try await eve.call("users.sessions.revoke", one).problem == "session-not-found")
            #expect(try await ada.call("users.sessions.revoke", one).body["revoked"]?.int64 == 1)
            #expect(try await ada.call("users.sessions.revoke", one).problem == "session-not-found")
            #expect(try await second.refresh().status == 401)
            #expect(try await ada.call("users.sessions.clear").body["revoked"]?.int64 == 1)
            #expect(try await ada.call("users.sessions.clear").body["revoked"]?.int64 == 0)
            #expect(try await third.refresh().status == 401)
            #expect(try await ada.refresh().status == 0)
        }
    }

    @Test("an account has a hundred sessions at most: a further one ends the oldest")
    func limit() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            _ = try await fleet.sql(
                """
                INSERT INTO users.user_sessions (id, user_id, token_hash, expires_at)
                SELECT ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '\(ada.id)', n, now() + interval '1 day'
                FROM generate_series(1, 99) n
                """)
            _ = try await ada.signIn()
            #expect(try await fleet.openSessions(of: ada.id).count == 100)
            #expect(try await ada.refresh().status == 401)
            #expect(try await fleet.events(of: ada.id, after: 2) == ["USER_LOGIN", "USER_SESSIONS_REVOKED"])
        }
    }

    @Test("what has ended is forgotten after a while")
    func cleaning() async throws {
        try await TestFleet.run([try UsersLiveTests.worker { $0.cleaningPause = .milliseconds(50) }]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            _ = try await ada.signIn()
            _ = try await fleet.login("ada@example.com", "wrong", from: "203.0.113.1")
            _ = try await fleet.sql(
                """
                UPDATE users.user_sessions SET expires_at = now() - interval '8 days' WHERE id = '\(ada.session)';
                UPDATE users.account_tokens SET expires_at = now() - interval '8 days';
                UPDATE users.attempts SET updated_at = now() - interval '2 days', blocked_until = '-infinity'
                """)
            try await fleet.until("the rows are gone") {
                try await fleet.sql(
                    """
                    SELECT (SELECT count(*) FROM users.user_sessions), (SELECT count(*) FROM users.account_tokens),
                        (SELECT count(*) FROM users.attempts)
                    """) == ["1|0|0"]
            }
        }
    }
}
