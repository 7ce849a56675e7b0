import FleetTesting
import JSON
import NATS
import Testing
import Worker

@testable import Users

@Suite("Proving an address", .serialized)
struct VerificationTests {
    private static func body(_ token: String) -> String { #"{"token":"\#(token)"}"# }

    @Test("the mail's token proves the address once, and the event names it by its id alone")
    func verify() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            #expect(try await ada.call("users.get").body["emailVerified"] == false)
            let told = try await fleet.sql(
                """
                SELECT e.payload ->> 'tokenId' = t.id::text FROM users.events e, users.account_tokens t
                WHERE e.type = 'USER_VERIFICATION_REQUESTED'
                """)
            #expect(told == ["t"])
            let token = try await fleet.mailed("verify-email", to: ada.id)
            #expect(
                try await fleet.call("users.verify", Self.body(token), actor: "anonymous").body["status"] == "verified")
            #expect(try await ada.call("users.get").body["emailVerified"] == true)
            #expect(try await fleet.call("users.verify", Self.body(token)).problem == "invalid-token")
            #expect(try await fleet.events(of: ada.id, after: 2) == ["USER_VERIFIED"])
        }
    }

    @Test("the secret of a token is for workers, as long as the token is good")
    func secret() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let id = try #require(try await fleet.sql("SELECT id FROM users.account_tokens").first)
            let body = #"{"tokenId":"\#(id)"}"#
            #expect(try await fleet.call("users.secret", body).status == 0)
            for actor in ["customer:\(ada.id)", "staff:\(ada.id)", "anonymous"] {
                let answer = try await fleet.call("users.secret", body, actor: actor)
                #expect(answer.body["token"] == nil, "\(actor)")
            }
            let unknown = #"{"tokenId":"\#(UUIDv7.next().text)"}"#
            #expect(try await fleet.call("users.secret", unknown).problem == "token-not-found")
            for change in ["used_at = now()", "used_at = NULL, expires_at = now()"] {
                _ = try await fleet.sql("UPDATE users.account_tokens SET \(change)")
                #expect(try await fleet.call("users.secret", body).problem == "token-not-found", "\(change)")
            }
        }
    }

    @Test("another mail comes to an address that is not proven, replaces the token, and tells nothing")
    func again() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let first = try await fleet.mailed("verify-email", to: ada.id)
            func ask(_ email: String) async throws -> TestFleet.Answer {
                try await fleet.call("users.verify.request", #"{"email":"\#(email)"}"#, actor: "anonymous")
            }
            #expect(try await ask("ada@example.com").bytes == (try await ask("nobody@example.com")).bytes)
            let second = try await fleet.mailed("verify-email", to: ada.id)
            #expect(try await fleet.call("users.verify", Self.body(first)).problem == "invalid-token")
            #expect(try await fleet.call("users.verify", Self.body(second)).status == 0)
            #expect(try await ask("ada@example.com").status == 0)
            #expect(
                try await fleet.events(of: ada.id, after: 2) == ["USER_VERIFICATION_REQUESTED", "USER_VERIFIED"])
        }
    }

    @Test("a token for an address that has changed proves nothing, the new one has its own")
    func changed() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let old = try await fleet.mailed("verify-email", to: ada.id)
            let update = try await ada.call(
                "users.update",
                #""email":"ada@example.org","firstName":"Ada","lastName":"Lovelace","currentPassword":"\#(Member.password)""#
            )
            #expect(update.status == 0, "\(update.body)")
            #expect(try await fleet.call("users.verify", Self.body(old)).problem == "invalid-token")
            let new = try await fleet.mailed("verify-email", to: ada.id)
            #expect(try await fleet.call("users.verify", Self.body(new)).status == 0)
            #expect(try await ada.call("users.get").body["emailVerified"] == true)
        }
    }

    @Test("one client asks for sixty mails in an hour at most")
    func limit() async throws {
        try await TestFleet.run([try UsersLiveTests.worker { $0.mailRequestsPerHour = 3 }]) { fleet in
            func ask(_ n: Int, from client: String) async throws -> TestFleet.Answer {
                try await fleet.call(
                    "users.password.reset", #"{"email":"nobody\#(n)@example.com"}"#, actor: "anonymous",
                    headers: [("Flotilla-Client", client)])
            }
            for n in 0..<3 { #expect(try await ask(n, from: "203.0.113.1").status == 0) }
            let refused = try await ask(3, from: "203.0.113.1")
            #expect(refused.status == 429 && refused.problem == "too-many-attempts")
            #expect((3_500...3_600).contains(refused.retryAfter_s ?? 0))
            #expect(try await ask(3, from: "203.0.113.2").status == 0)
        }
    }
}
