import FleetTesting
import JSON
import NATS
import Testing
import Worker

@testable import Users

@Suite("Guessing is slowed down", .serialized)
struct ThrottleTests {
    private static let (attacker, victim) = ("203.0.113.66", "198.51.100.7")

    @Test("from the fifth failure on each makes the next wait twice as long, alike for addresses without an account")
    func growing() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            for email in ["ada@example.com", "nobody@example.com"] {
                var waits: [Int] = []
                for _ in 0..<5 {
                    #expect(try await fleet.login(email, "wrong horse", from: Self.attacker).status == 401)
                }
                for _ in 0..<9 {
                    let refused = try await fleet.login(email, Member.password, from: Self.attacker)
                    #expect(refused.status == 429 && refused.problem == "too-many-attempts")
                    waits.append(refused.retryAfter_s ?? 0)
                    // The wait is over: the next failure counts.
                    _ = try await fleet.sql("UPDATE users.attempts SET blocked_until = now()")
                    #expect(try await fleet.login(email, "wrong horse", from: Self.attacker).status == 401)
                }
                #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60], "\(email)")
            }
            // Nobody else has to wait, and who knows the password begins anew.
            #expect(try await ada.login(from: Self.victim).status == 0)
            _ = try await fleet.sql("UPDATE users.attempts SET blocked_until = now()")
            #expect(try await ada.login(from: Self.attacker).status == 0)
            for _ in 0..<4 { #expect(try await ada.login("wrong horse", from: Self.attacker).status == 401) }
            #expect(try await ada.login(from: Self.attacker).status == 0)
        }
    }

    @Test("tries at the same time count, too: five of thirty reach the password")
    func parallel() async throws {
        try await UsersLiveTests.twoInstances { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 { group.addTask { try await ada.login("wrong horse", from: Self.attacker).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count == 5)
            #expect(statuses.filter { $0 == 429 }.count == 25)
        }
    }

    @Test("an attack from many addresses locks nobody out, it only makes a sign-in slower")
    func distributed() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            for n in 1...24 { #expect(try await ada.login("wrong horse", from: "192.0.2.\(n)").status == 401) }
            let began = ContinuousClock.now
            #expect(try await ada.login(from: Self.victim).status == 0)
            let held = ContinuousClock.now - began
            #expect((Duration.milliseconds(300)...Duration.seconds(6)).contains(held), "\(held)")
        }
    }

    @Test("a client that fails at many addresses waits, whichever it tries next; IPv6 counts by network")
    func client() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            for n in 0..<50 {
                let answer = try await fleet.login("nobody\(n)@example.com", "wrong horse", from: "2001:db8:1:2::\(n)")
                #expect(answer.status == 401)
            }
            #expect(try await ada.login(from: "2001:db8:1:2:ffff::1").status == 429)
            #expect(try await ada.login(from: "2001:db8:1:3::1").status == 0)
        }
    }

    @Test("a minute without a try takes one off the count")
    func forgiven() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            for _ in 0..<4 { _ = try await fleet.login("a@b.cd", "wrong horse", from: Self.attacker) }
            _ = try await fleet.sql("UPDATE users.attempts SET updated_at = now() - interval '3 minutes'")
            for _ in 0..<4 {
                #expect(try await fleet.login("a@b.cd", "wrong horse", from: Self.attacker).status == 401)
            }
            #expect(try await fleet.login("a@b.cd", "wrong horse", from: Self.attacker).status == 429)
        }
    }

    @Test("workers are not counted, and the table of counts holds nobody's address")
    func trusted() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            for _ in 0..<8 {
                #expect(try await fleet.call("users.login", UsersLiveTests.credentials("a@b.cd")).status == 401)
            }
            #expect(try await fleet.sql("SELECT count(*) FROM users.attempts") == ["0"])
            _ = try await fleet.login("a@b.cd", "wrong horse", from: Self.attacker)
            #expect(try await fleet.sql("SELECT count(*), min(length(subject)) FROM users.attempts") == ["3|32"])
        }
    }

    @Test("one client registers twenty accounts in an hour")
    func registrations() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            func register(_ n: Int, from client: String) async throws -> TestFleet.Answer {
                try await fleet.call(
                    "users.register", UsersLiveTests.registration("ada\(n)@example.com"), actor: "anonymous",
                    headers: [("Flotilla-Client", client)])
            }
            for n in 0..<20 { #expect(try await register(n, from: Self.attacker).status == 0) }
            // Known or not: no answer of use to who tries addresses.
            for n in [0, 20] {
                let refused = try await register(n, from: Self.attacker)
                #expect(refused.status == 429 && refused.problem == "too-many-attempts")
            }
            #expect(try await register(20, from: Self.victim).status == 0)
        }
    }
}
