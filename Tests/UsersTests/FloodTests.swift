import FleetTesting
import JSON
import Testing

@testable import Users
@testable import Worker

@Suite("A flood of sign-ins", .serialized)
struct FloodTests {
    @Test("leaves reads fast")
    func reads() async throws {
        let worker = try UsersLiveTests.worker {
            $0.bcryptCost = 10
            $0.hashingThreads = 1
        }
        try await TestFleet.run([worker]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            func p99() async throws -> Duration {
                var times: [Duration] = []
                for _ in 0..<300 {
                    let began = ContinuousClock.now
                    #expect(try await ada.call("users.get").status == 0)
                    times.append(ContinuousClock.now - began)
                }
                return times.sorted()[296]
            }
            _ = try await p99()
            let quiet = try await p99()
            let flooded = try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        while !Task.isCancelled {
                            _ = try await fleet.call(
                                "users.login", UsersLiveTests.credentials("nobody@example.com", "wrong horse"))
                        }
                    }
                }
                let flooded = try await p99()
                group.cancelAll()
                return flooded
            }
            print("p99 of users.get: quiet \(quiet), during the flood \(flooded), ratio \(flooded / quiet)")
            // Generous: tests share their cores with whatever else runs.
            #expect(flooded < max(quiet * 10, .milliseconds(100)))
        }
    }

    @Test("takes as long for an old, cheaper hash that does not match as for one of today")
    func oldCosts() async throws {
        let hasher = PasswordHasher(
            {
                var settings = UsersSettings(signer: $0)
                settings.bcryptCost = 9
                return settings
            }(try TokenSigner(seed: TokenSignerTests.seed)))
        var medians: [Duration] = []
        for hash in [try Bcrypt.hash("right horse", cost: 6), try Bcrypt.hash("right horse", cost: 9), nil] {
            var times: [Duration] = []
            for _ in 0..<9 {
                let began = ContinuousClock.now
                #expect(try await !hasher.verify("wrong horse", against: hash, until: Deadline(in: .seconds(10))))
                times.append(ContinuousClock.now - began)
            }
            medians.append(times.sorted()[4])
        }
        #expect(
            (0.6...1.7).contains(medians[0] / medians[1]) && (0.6...1.7).contains(medians[2] / medians[1]), "\(medians)"
        )
    }
}
