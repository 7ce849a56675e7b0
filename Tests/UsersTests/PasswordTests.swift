import FleetTesting
import JSON
import Testing
import Worker

@testable import Users

@Suite("Changing and resetting passwords", .serialized)
struct PasswordTests {
    private static let new = "incorrect horse"

    private static func change(_ current: String, _ new: String) -> String {
        #""currentPassword":"\#(current)","newPassword":"\#(new)""#
    }

    private static func confirmation(_ token: String, _ password: String = new) -> String {
        #"{"token":"\#(token)","newPassword":"\#(password)"}"#
    }

    @Test("who knows the password changes it, and all other sessions end")
    func change() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let phone = try await ada.signIn()
            #expect(try await ada.call("users.password.change", Self.change(Member.password, Self.new)).status == 0)
            #expect(try await ada.refresh().status == 0)
            #expect(try await phone.refresh().status == 401)
            #expect(try await ada.login().status == 401)
            #expect(try await ada.login(Self.new).status == 0)
            #expect(
                try await fleet.events(of: ada.id, after: 3)
                    == ["USER_PASSWORD_CHANGED", "USER_SESSIONS_REVOKED", "USER_LOGIN"])
            #expect(
                try await fleet.sql("SELECT max(version) = (SELECT version FROM users.users) FROM users.events") == [
                    "t"
                ])
        }
    }

    @Test("a change that is refused changes nothing, and guessing is slowed down")
    func refusedChanges() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            var eve = try await Member.register(fleet, "eve@example.com")
            let right = Self.change(Member.password, Self.new)
            for (body, problem) in [
                (Self.change(Member.password, Member.password), "weak-password"),
                (Self.change(Member.password, "password123"), "weak-password"),
                (Self.change(Member.password, "ada@example.com"), "weak-password"),
                (Self.change(Member.password, "short"), "validation"),
                (Self.change(Member.password, String(repeating: "x", count: 73)), "validation"),
            ] {
                let answer = try await ada.call("users.password.change", body)
                #expect(answer.status == 400 && answer.problem == problem, "\(body)")
                #expect(answer.body["errors"]?[0]?["pointer"] == "/newPassword")
                _ = try await fleet.sql("DELETE FROM users.attempts")
            }
            #expect(try await eve.call("users.password.change", right, of: ada.id).status == 404)
            eve.role = "staff"
            #expect(try await eve.call("users.password.change", right, of: ada.id).problem == "not-your-account")
            for _ in 0..<5 {
                let answer = try await ada.call("users.password.change", Self.change("wrong horse", Self.new))
                #expect(answer.status == 403 && answer.problem == "wrong-password")
            }
            let blocked = try await ada.call("users.password.change", right)
            #expect(blocked.status == 429 && blocked.problem == "too-many-attempts")
            #expect(try await ada.login().status == 0)
            #expect(try await fleet.events(of: ada.id, after: 2) == ["USER_LOGIN"])
        }
    }

    @Test("a mail's token sets a new password once, ends all sessions and proves the address")
    func reset() async throws {
        try await UsersLiveTests.twoInstances { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let asked = try await fleet.call(
                "users.password.reset", #"{"email":"ADA@example.com"}"#, actor: "anonymous")
            #expect(asked.status == 0 && asked.body["status"] == "accepted")
            let token = try await fleet.mailed("reset-password", to: ada.id)
            // The token itself is nowhere but in the mail.
            let secret = token.split(separator: ".")[1]
            for table in ["account_tokens", "events", "attempts"] {
                #expect(
                    try await fleet.sql("SELECT count(*) FROM users.\(table) t WHERE t::text LIKE '%\(secret)%'") == [
                        "0"
                    ])
            }
            let weak = try await fleet.call("users.password.confirm", Self.confirmation(token, "ada@example.com"))
            #expect(weak.problem == "weak-password")
            // Of two at once one succeeds.
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await fleet.call("users.password.confirm", Self.confirmation(token)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [0, 400, 400, 400])
            #expect(try await fleet.call("users.password.confirm", Self.confirmation(token)).problem == "invalid-token")
            #expect(try await ada.refresh().status == 401)
            #expect(try await ada.login().status == 401)
            #expect(try await ada.login(Self.new).status == 0)
            #expect(
                try await fleet.events(of: ada.id, after: 2) == [
                    "USER_PASSWORD_RESET_REQUESTED", "USER_PASSWORD_CHANGED", "USER_VERIFIED", "USER_SESSIONS_REVOKED",
                    "USER_LOGIN",
                ])
        }
    }

    @Test("a token is refused when it is expired, replaced, of another purpose, made up or void by a change")
    func refusedTokens() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let eve = try await Member.register(fleet, "eve@example.com")
            let verification = try await fleet.mailed("verify-email", to: ada.id)
            func ask() async throws -> String {
                _ = try await fleet.call("users.password.reset", #"{"email":"ada@example.com"}"#)
                return try await fleet.mailed("reset-password", to: ada.id)
            }
            func confirm(_ token: String) async throws -> String? {
                try await fleet.call("users.password.confirm", Self.confirmation(token)).problem
            }
            let first = try await ask()
            let second = try await ask()
            let parts = second.split(separator: ".")
            for token in [
                first, verification, "x", ".", "\(parts[0]).", "\(parts[0]).\(parts[1])A",
                "\(UUIDv7.next().text).\(parts[1])",
                "\(parts[0].uppercased()).\(parts[1].dropLast())A",
            ] {
                #expect(try await confirm(token) == "invalid-token", "\(token)")
            }
            #expect(try await fleet.call("users.verify", #"{"token":"\#(second)"}"#).problem == "invalid-token")
            _ = try await fleet.sql(
                "UPDATE users.account_tokens SET expires_at = now() WHERE purpose = 'reset-password'")
            #expect(try await confirm(second) == "invalid-token")
            let third = try await ask()
            #expect(
                try await ada.call("users.password.change", Self.change(Member.password, "another horse")).status == 0)
            #expect(try await confirm(third) == "invalid-token")
            #expect(try await ada.login("another horse").status == 0)
            #expect(try await eve.login().status == 0)
        }
    }

    @Test("nothing tells whether a reset was asked for an account, not even the time, and an address gets three mails")
    func silent() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            var members: [String] = []
            for n in 0..<20 { members.append(try await Member.register(fleet, "known\(n)@example.com").email) }
            var times: [Bool: [Duration]] = [:]
            var bodies: Set<[UInt8]> = []
            for round in 0..<3 {
                for (n, email) in members.enumerated() {
                    for isKnown in [true, false] {
                        let address = isKnown ? email : "unknown\(n)@example.com"
                        let began = ContinuousClock.now
                        let answer = try await fleet.call("users.password.reset", #"{"email":"\#(address)"}"#)
                        if round > 0 { times[isKnown, default: []].append(ContinuousClock.now - began) }
                        bodies.insert(answer.bytes)
                    }
                }
            }
            #expect(bodies.count == 1)
            let medians = times.mapValues { $0.sorted()[$0.count / 2] }
            let (known, unknown) = (try #require(medians[true]), try #require(medians[false]))
            print("reset: known \(known), unknown \(unknown)")
            #expect((0.8...1.25).contains(unknown / known), "known \(known), unknown \(unknown)")
            let count = "SELECT count(*) FROM users.events WHERE type = 'USER_PASSWORD_RESET_REQUESTED'"
            #expect(try await fleet.sql(count) == ["60"])
            #expect(
                try await fleet.call("users.password.reset", #"{"email":"known0@example.com"}"#).bytes == bodies.first)
            #expect(try await fleet.sql(count) == ["60"])
        }
    }

    @Test(
        "what is easy to guess is no password",
        arguments: [
            ("aaaaaaaa", true), ("AAAAaaaa", true), ("ada.l@example.com", true), ("ADA.L@EXAMPLE.COM", true),
            ("password123", true), ("PassWord123", true), ("qwertyuiop", true), ("correct horse", false),
            ("ada.lada", false),
            ("aaaaaaab", false),
        ])
    func policy(password: String, isWeak: Bool) {
        var refusal: ServiceError?
        do { try PasswordPolicy.check(password, field: "password", email: "ada.l@example.com") } catch {
            refusal = error
        }
        #expect((refusal != nil) == isWeak)
        #expect(refusal.map { "\($0)".contains(password) } != true)
        #expect(refusal.map { $0.status == 400 && $0.fieldErrors.first?.pointer == "/password" } != false)
    }

    @Test("an address whose local part is the password is refused, too")
    func localPart() {
        #expect(throws: ServiceError.self) {
            try PasswordPolicy.check("ada.lovelace", field: "password", email: "ada.lovelace@example.com")
        }
        #expect(CommonPasswords.all.allSatisfy { $0.utf8.count >= 8 && $0 == $0.lowercased() })
        #expect(CommonPasswords.all.count > 400)
    }
}
