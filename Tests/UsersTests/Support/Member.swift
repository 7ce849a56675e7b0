import FleetTesting
import JSON
import NATS
import Testing
import Worker

@testable import Users

/// Somebody with an account and a session, asking as the ingress lets them.
struct Member: Sendable {
    static let password = "correct horse"

    let fleet: TestFleet
    let id: String
    let email: String
    var refreshToken: String
    var session: String
    var role = "customer"

    /// Registers.
    static func register(_ fleet: TestFleet, _ email: String, last: String = "Lovelace") async throws -> Member {
        let body = #"{"email":"\#(email)","password":"\#(password)","firstName":"Ada","lastName":"\#(last)"}"#
        return try Member(fleet, email, try await fleet.call("users.register", body))
    }

    private init(_ fleet: TestFleet, _ email: String, _ answer: TestFleet.Answer) throws {
        self.fleet = fleet
        self.email = email
        id = try #require(answer.body["user"]?["id"]?.string, "\(answer.body)")
        refreshToken = try #require(answer.body["refreshToken"]?.string)
        session = try #require(answer.body["session"]?.string)
    }

    /// The same account in a session of its own.
    func signIn(_ password: String = Member.password, from client: String = "203.0.113.1") async throws -> Member {
        try Member(fleet, email, try await login(password, from: client))
    }

    func login(_ password: String = Member.password, from client: String = "203.0.113.1") async throws
        -> TestFleet.Answer
    {
        try await fleet.login(email, password, from: client)
    }

    /// - Parameter members: JSON without the braces; the account's id comes first.
    func call(_ subject: String, _ members: String = "", of id: String? = nil) async throws -> TestFleet.Answer {
        let rest = members.isEmpty ? "" : ",\(members)"
        return try await fleet.call(
            subject, #"{"id":"\#(id ?? self.id)"\#(rest)}"#, actor: "\(role):\(self.id)",
            headers: [("Flotilla-Session", session), ("Flotilla-Client", "203.0.113.1")])
    }

    func refresh(_ token: String? = nil) async throws -> TestFleet.Answer {
        try await fleet.call("users.refresh", #"{"refreshToken":"\#(token ?? refreshToken)"}"#, actor: "anonymous")
    }
}

extension TestFleet {
    func login(_ email: String, _ password: String, from client: String) async throws -> Answer {
        try await call(
            "users.login", #"{"email":"\#(email)","password":"\#(password)"}"#, actor: "anonymous",
            headers: [("Flotilla-Client", client), ("Flotilla-Agent", "Browser/1.0")])
    }

    /// The types of the account's events, the first ones left out.
    func events(of id: String, after count: Int = 0) async throws -> [String] {
        Array(
            try await sql("SELECT type FROM users.events WHERE aggregate_id = '\(id)' ORDER BY version").dropFirst(
                count))
    }

    /// The token of the latest mail of a purpose, as the worker of mails gets it.
    func mailed(_ purpose: String, to id: String) async throws -> String {
        let tokenId = try #require(
            try await sql(
                "SELECT id FROM users.account_tokens WHERE user_id = '\(id)' AND purpose = '\(purpose)' ORDER BY id DESC LIMIT 1"
            ).first)
        return try #require(try await call("users.secret", #"{"tokenId":"\#(tokenId)"}"#).body["token"]?.string)
    }

    func openSessions(of id: String) async throws -> [String] {
        try await sql("SELECT id FROM users.user_sessions WHERE user_id = '\(id)' AND NOT revoked ORDER BY id")
    }
}

extension TestFleet.Answer {
    /// The last part of the problem's type; nil for a success.
    var problem: String? { body["type"]?.string.flatMap { $0.split(separator: ":").last.map(String.init) } }
}
