import Crypto
import FleetTesting
import FoundationEssentials
import JSON
import NATS
import Testing
import Worker

@testable import Users

/// The worker against a real nats-server and Postgres, asked over NATS.
@Suite("The users worker", .serialized)
struct UsersLiveTests {
    static func worker(_ change: (inout UsersSettings) -> Void = { _ in }) throws -> Worker {
        var settings = UsersSettings(signer: try TokenSigner(seed: TokenSignerTests.seed))
        settings.bcryptCost = 4
        change(&settings)
        return Users.worker(settings)
    }

    /// Two instances that share the requests.
    static func twoInstances(_ body: @escaping @Sendable (TestFleet) async throws -> Void) async throws {
        let (first, second) = (try worker(), try worker())
        try await TestFleet.run([first]) { fleet in try await fleet.run([second]) { try await body(fleet) } }
    }

    static func registration(_ email: String, password: String = "correct horse", first: String = "Ada") -> String {
        #"{"email":"\#(email)","password":"\#(password)","firstName":"\#(first)","lastName":"Lovelace"}"#
    }

    static func credentials(_ email: String, _ password: String = "correct horse") -> String {
        #"{"email":"\#(email)","password":"\#(password)"}"#
    }

    static func claims(of token: String) throws -> JSONValue {
        let parts = token.split(separator: ".")
        let publicKey = try #require(Base64URL.decode(TokenSignerTests.publicKey))
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        let signature = try #require(Base64URL.decode(parts[2]))
        #expect(key.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)))
        let claims = try #require(Base64URL.decode(parts[1]))
        return try JSONReader.parse(claims)
    }

    @Test("registers, logs in and shows an account, and tells of each in an event")
    func life() async throws {
        try await TestFleet.run([try Self.worker()]) { fleet in
            let registered = try await fleet.call(
                "users.register", Self.registration("Ada@Example.com"), actor: "anonymous")
            #expect(registered.status == 0)
            let user = try #require(registered.body["user"])
            let id = try #require(user["id"]?.string)
            #expect(user["email"] == "ada@example.com")
            #expect(user["firstName"] == "Ada")
            #expect(user["lastName"] == "Lovelace")
            #expect(Timestamp(text: user["createdAt"]?.string ?? "") != nil)
            #expect(user.object?.count == 8)
            let first = try #require(registered.body["token"]?.string)
            #expect(try Self.claims(of: first)["sub"]?.string == id)

            let answer = try await fleet.call("users.login", Self.credentials("ADA@example.com"), actor: "anonymous")
            #expect(answer.status == 0)
            #expect(answer.body["user"]?["id"]?.string == id)
            #expect(answer.body["user"]?.object?.count == 4)
            let second = try #require(answer.body["token"]?.string)
            let claims = try Self.claims(of: second)
            #expect(claims["role"] == "customer")
            #expect(claims["email"] == "ada@example.com")
            #expect((claims["exp"]?.int64 ?? 0) - (claims["iat"]?.int64 ?? 0) == 86_400)

            let shown = try await fleet.call("users.get", #"{"id":"\#(id)"}"#, actor: "customer:\(id)")
            #expect(shown.body["email"] == "ada@example.com")
            #expect(shown.body["createdAt"] == user["createdAt"])
            #expect(Timestamp(text: shown.body["lastLogin"]?.string ?? "") != nil)
            #expect(shown.body.object?.count == 9)

            // Sessions are there by the hash of their refresh token, and the access token names its session.
            let sessions = try await fleet.sql(
                "SELECT id || ' ' || token_hash FROM users.user_sessions ORDER BY created_at")
            let expected = try [registered, answer].map { answer in
                let refreshToken = try #require(answer.body["refreshToken"]?.string)
                let session = try #require(answer.body["session"]?.string)
                #expect(try Self.claims(of: answer.body["token"]?.string ?? "")["sid"]?.string == session)
                return "\(session) \(TokenSigner.hex(SHA256.hash(data: Array(refreshToken.utf8))))"
            }
            #expect(sessions == expected)
            try await fleet.until("the events are published") {
                try await fleet.sql("SELECT count(*) FROM users.events WHERE published_at IS NOT NULL") == ["3"]
            }
            let events = try await fleet.sql(
                "SELECT aggregate_id || ' ' || version || ' ' || type || ' ' || payload FROM users.events ORDER BY version"
            )
            #expect(events.count == 3)
            #expect(
                events[0].hasPrefix(
                    """
                    \(id) 1 USER_CREATED {"eventType":"USER_CREATED","userId":"\(id)","email":"ada@example.com",\
                    "firstName":"Ada","lastName":"Lovelace","timestamp":
                    """))
            #expect(
                events[1].hasPrefix(
                    #"\#(id) 2 USER_VERIFICATION_REQUESTED {"eventType":"USER_VERIFICATION_REQUESTED","userId":"\#(id)","#
                ))
            #expect(
                events[2].hasPrefix(
                    #"\#(id) 3 USER_LOGIN {"eventType":"USER_LOGIN","userId":"\#(id)","timestamp":"#))
            let stream = try await (await JetStream(fleet.client)).streamInformation("USER_EVENTS")
            #expect(stream?.messages == 3)
            #expect(try await fleet.sql("SELECT version FROM users.users") == ["3"])
        }
    }

    @Test("gives each address to one account, however it is spelt and whoever comes at the same time")
    func duplicates() async throws {
        try await Self.twoInstances { fleet in
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for email in ["ada@example.com", "ADA@example.com", "Ada@Example.Com", "ada@EXAMPLE.com"] {
                    group.addTask { try await fleet.call("users.register", Self.registration(email)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [0, 409, 409, 409])
            for answer in answers where answer.status == 409 {
                #expect(answer.body["type"]?.string?.hasSuffix("email-taken") == true)
            }
            #expect(try await fleet.sql("SELECT count(*) FROM users.users") == ["1"])
            #expect(try await fleet.sql("SELECT count(*) FROM users.user_sessions") == ["1"])
            #expect(try await fleet.sql("SELECT count(*) FROM users.events") == ["2"])
        }
    }

    static let refused = [
        ("users.register", "", 400), ("users.register", "{", 400), ("users.register", "[]", 400),
        ("users.register", registration("nobody"), 400),
        ("users.register", registration("a@b.cd", password: "short"), 400),
        ("users.register", registration("a@b.cd", password: String(repeating: "p", count: 73)), 400),
        ("users.register", registration("a@b.cd", password: "null\\u0000byte"), 400),
        ("users.register", registration("a@b.cd", first: "Ada\\r\\nBcc: eve@example.com"), 400),
        (
            "users.register",
            #"{"email":"a@b.cd","password":"correct horse","firstName":"Ada","lastName":"L","role":"staff"}"#, 400
        ),
        (
            "users.register",
            #"{"email":"a@b.cd","email":"c@d.ef","password":"correct horse","firstName":"A","lastName":"L"}"#, 400
        ),
        ("users.login", #"{"email":"a@b.cd"}"#, 400), ("users.login", #"{"email":5,"password":true}"#, 400),
        ("users.login", credentials("a@b.cd"), 401), ("users.get", #"{"id":"7"}"#, 400),
        ("users.get", #"{"id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#, 404), ("users.keys", #"{"kid":"x"}"#, 400),
    ]

    @Test("refuses what is wrong and writes nothing")
    func refusals() async throws {
        try await TestFleet.run([try Self.worker()]) { fleet in
            for (subject, body, status) in Self.refused {
                let answer = try await fleet.call(subject, body)
                #expect(answer.status == status, "\(subject) \(body): \(answer.body)")
                let text = String(decoding: answer.bytes, as: UTF8.self)
                #expect(!text.contains("correct horse") && !text.contains("ppp"))
            }
            #expect(try await fleet.sql("SELECT count(*) FROM users.users") == ["0"])
            #expect(try await fleet.sql("SELECT count(*) FROM users.events") == ["0"])
        }
    }

    @Test("shows an account to itself, to staff and to workers, and to nobody else")
    func ownership() async throws {
        try await TestFleet.run([try Self.worker()]) { fleet in
            let registered = try await fleet.call("users.register", Self.registration("ada@example.com"))
            let id = registered.body["user"]?["id"]?.string ?? ""
            let stranger = UUIDv7.next().text
            let body = #"{"id":"\#(id)"}"#
            for (actor, status) in [
                ("customer:\(id)", 0), ("staff:\(stranger)", 0), (nil, 0), ("customer:\(stranger)", 404),
                ("anonymous", 401),
            ] {
                let answer = try await fleet.call("users.get", body, actor: actor)
                #expect(answer.status == status, "\(actor ?? "internal")")
                #expect(status == 0 || answer.body["email"] == nil)
            }
            let own = try await fleet.call("users.get", body)
            #expect(own.body["lastLogin"] == nil)
            // A stranger's and an unknown account look the same.
            let foreign = try await fleet.call("users.get", body, actor: "customer:\(stranger)")
            let unknown = try await fleet.call("users.get", #"{"id":"\#(stranger)"}"#, actor: "customer:\(stranger)")
            #expect(foreign.body["type"] == unknown.body["type"])
            _ = try await fleet.sql("UPDATE users.users SET account_status = 'deleted'")
            #expect(try await fleet.call("users.get", body).status == 404)
            #expect(try await fleet.call("users.login", Self.credentials("ada@example.com")).status == 401)
        }
    }

    @Test("answers the key set as the signer has it")
    func keys() async throws {
        try await TestFleet.run([try Self.worker()]) { fleet in
            for body in ["", "{}"] {
                let answer = try await fleet.call("users.keys", body)
                #expect(answer.bytes == (try TokenSigner(seed: TokenSignerTests.seed)).jwks)
            }
        }
    }
}
