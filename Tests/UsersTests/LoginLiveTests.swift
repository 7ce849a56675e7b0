import FleetTesting
import JSON
import Testing
import Worker

@testable import Users

@Suite("Logging in", .serialized)
struct LoginLiveTests {
    @Test("an unknown address and a wrong password get the same answer after the same time")
    func indistinguishable() async throws {
        // 8 takes some 15 ms: enough to see that an unknown address costs a hash too.
        try await TestFleet.run([try UsersLiveTests.worker { $0.bcryptCost = 8 }]) { fleet in
            _ = try await fleet.call("users.register", UsersLiveTests.registration("ada@example.com"))
            var times: [String: [Duration]] = [:]
            var bodies: Set<[UInt8]> = []
            for _ in 0..<200 {
                for email in ["ada@example.com", "nobody@example.com"] {
                    let began = ContinuousClock.now
                    let answer = try await fleet.call("users.login", UsersLiveTests.credentials(email, "wrong horse"))
                    times[email, default: []].append(ContinuousClock.now - began)
                    #expect(answer.status == 401)
                    bodies.insert(answer.bytes)
                }
            }
            #expect(bodies.count == 1)
            let medians = times.mapValues { $0.sorted()[$0.count / 2] }
            let known = try #require(medians["ada@example.com"])
            let unknown = try #require(medians["nobody@example.com"])
            print("sign-in, 200 each: known \(known), unknown \(unknown)")
            #expect((0.8...1.25).contains(unknown / known), "known \(known), unknown \(unknown)")
            #expect(try await fleet.sql("SELECT count(*) FROM users.events") == ["2"])
            #expect(try await fleet.sql("SELECT count(*) FROM users.user_sessions") == ["1"])
        }
    }

    @Test("tells of a suspension only whoever knows the password")
    func suspended() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            _ = try await fleet.call("users.register", UsersLiveTests.registration("ada@example.com"))
            _ = try await fleet.sql("UPDATE users.users SET account_status = 'suspended'")
            let right = try await fleet.call("users.login", UsersLiveTests.credentials("ada@example.com"))
            #expect(right.status == 403)
            #expect(right.body["type"]?.string?.hasSuffix("account-suspended") == true)
            let wrong = try await fleet.call(
                "users.login", UsersLiveTests.credentials("ada@example.com", "wrong horse"))
            #expect(wrong.status == 401)
            #expect(try await fleet.sql("SELECT last_login IS NULL FROM users.users") == ["t"])
        }
    }

    @Test("many logins of one account at once all succeed, and their events have no gap")
    func concurrent() async throws {
        try await UsersLiveTests.twoInstances { fleet in
            _ = try await fleet.call("users.register", UsersLiveTests.registration("ada@example.com"))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await fleet.call("users.login", UsersLiveTests.credentials("ada@example.com")).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            let succeeded = statuses.filter { $0 == 0 }.count
            #expect(statuses.allSatisfy { $0 == 0 || $0 == 503 })
            #expect(succeeded >= 6)
            let count = succeeded + 2
            #expect(
                try await fleet.sql("SELECT min(version), max(version), count(*) FROM users.events")
                    == ["1|\(count)|\(count)"])
            #expect(try await fleet.sql("SELECT version FROM users.users") == ["\(count)"])
            #expect(try await fleet.sql("SELECT count(*) FROM users.user_sessions") == ["\(succeeded + 1)"])
        }
    }

    @Test("a login moves the password's hash to the cost of today")
    func rehash() async throws {
        try await TestFleet.run([try UsersLiveTests.worker { $0.bcryptCost = 5 }]) { fleet in
            _ = try await fleet.call("users.register", UsersLiveTests.registration("ada@example.com"))
            let old = try Bcrypt.hash("correct horse", cost: 4)
            _ = try await fleet.sql("UPDATE users.users SET password_hash = '\(old)'")
            #expect(
                try await fleet.call("users.login", UsersLiveTests.credentials("ada@example.com", "wrong")).status
                    == 401)
            #expect(try await fleet.sql("SELECT password_hash FROM users.users") == [old])
            #expect(try await fleet.call("users.login", UsersLiveTests.credentials("ada@example.com")).status == 0)
            let new = try #require(try await fleet.sql("SELECT password_hash FROM users.users").first)
            #expect(Bcrypt.cost(of: new) == 5)
            #expect(try await fleet.call("users.login", UsersLiveTests.credentials("ada@example.com")).status == 0)
            #expect(try await fleet.sql("SELECT password_hash FROM users.users") == [new])
        }
    }

    @Test("a flood is refused with a time to come back, and other endpoints go on answering")
    func flood() async throws {
        let worker = try UsersLiveTests.worker {
            $0.bcryptCost = 10
            $0.hashingThreads = 1
            $0.hashingQueueLimit = 2
        }
        try await TestFleet.run([worker]) { fleet in
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await fleet.call("users.login", UsersLiveTests.credentials("a@b.cd")) }
                }
                #expect(try await fleet.call("users.keys", "", timeout: .seconds(1)).status == 0)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == 503 }
            #expect(refused.count >= 10)
            #expect(refused.allSatisfy { $0.body["type"]?.string?.hasSuffix("overloaded") == true })
            #expect(answers.contains { $0.status == 401 })
        }
    }
}
