import AsyncHTTPClient
import Foundation
import Glibc
import LocalFleet
import LocalServers
import Testing

/// One after the other: each runs a whole fleet.
@Suite("The fleet", .serialized)
struct FleetTests {
    @Test(
        "comes up with one command, sells, adds up, and leaves nothing behind, on an open broker and under permissions",
        arguments: [false, true])
    func demo(isSecure: Bool) async throws {
        try await RunningFleet.run(isSecure: isSecure) { fleet in
            let (status, said) = try await fleet.command(["demo", "--orders", "40"])
            #expect(status == .exited(0), "\(said)")
            let (listed, services) = try await fleet.command(["ps"])
            #expect(listed == .exited(0))
            for worker in ["users", "orders", "inventory", "payments", "notifications"] {
                #expect(services.contains("\(worker).1"), "\(services)")
            }
        }
    }

    @Test("a worker that is killed again and again is replaced, and every order still ends as it must, once")
    func killedWorker() async throws {
        try await RunningFleet.run { fleet in
            let fire = try await fleet.underFire(["demo", "--orders", "300"], every: .seconds(1.5)) { fleet, _ in
                (fleet.workers.first { $0.name == "orders" }?.pid, SIGKILL)
            }
            #expect(fire.status == .exited(0), "\(fire.said)")
            #expect(fire.signals >= 2 && fire.showsFaults, "nothing was hit: \(fire.said)")
        }
    }

    @Test("whoever is killed while orders are placed and paid, each order ends as it must, once")
    func killedMembers() async throws {
        let victims = ["payments", "inventory", "notifications"]
        try await RunningFleet.run { fleet in
            let fire = try await fleet.underFire(["demo", "--orders", "400"], every: .seconds(0.7)) { fleet, round in
                (fleet.workers.first { $0.name == victims[round % 3] }?.pid, SIGKILL)
            }
            #expect(fire.status == .exited(0), "\(fire.said)")
            #expect(fire.signals >= 3 && fire.showsFaults, "nothing was hit: \(fire.said)")
        }
    }

    @Test("the ingress ends by SIGTERM and by a kill: no answer is lost but those of the kill, and every order adds up")
    func restartedIngress() async throws {
        try await RunningFleet.run { fleet in
            let fire = try await fleet.underFire(["demo", "--orders", "200"], every: .seconds(1.5)) { fleet, round in
                (fleet.ingressPid, round % 2 == 0 ? SIGTERM : SIGKILL)
            }
            #expect(fire.status == .exited(0), "\(fire.said)")
            #expect(fire.signals >= 2 && fire.showsFaults, "nothing was hit: \(fire.said)")
        }
    }

    @Test("after random things that customers and staff do side by side, orders, stock and money agree")
    func soak() async throws {
        try await RunningFleet.run(scale: "orders=2,inventory=2,payments=2") { fleet in
            let (status, said) = try await fleet.command(["soak", "--operations", "400", "--seed", "1"])
            #expect(status == .exited(0), "\(said)")
            let (check, found) = try await fleet.command(["check"])
            #expect(check == .exited(0), "\(found)")
            let (rebuild, differences) = try await fleet.command(["orders", "rebuild", "--check"])
            #expect(rebuild == .exited(0), "\(differences)")
        }
    }

    @Test("with three instances, ending one by SIGTERM fails no request")
    func drainedWorker() async throws {
        try await RunningFleet.run(scale: "orders=3") { fleet in
            async let demo = fleet.command(["demo", "--orders", "60", "--rate", "20"])
            try await Task.sleep(for: .seconds(2))
            for instance in ["orders.1", "orders.3"] {
                if let pid = try fleet.current().workers.first(where: { $0.instance == instance })?.pid {
                    kill(pid, SIGTERM)
                }
                try await Task.sleep(for: .seconds(1))
            }
            let (status, said) = try await demo
            #expect(status == .exited(0), "\(said)")
            #expect(said.contains("sent again: none"), "\(said)")
        }
    }

    @Test("broker and database die in the middle: clients see only 503, and nothing is lost or doubled")
    func killedServers() async throws {
        // A worker that still works on a request of the lost connection has no right to answer it on the next one; the ingress
        // has told the client by then.
        func isLateReply(_ line: String) -> Bool {
            line.contains("Publish Violation") && line.contains(#"Subject "_INBOX_"#)
        }
        try await RunningFleet.run(violations: isLateReply) { fleet in
            let fire = try await fleet.underFire(["demo", "--orders", "300"], every: .seconds(2)) { fleet, round in
                round % 2 == 0 ? (fleet.natsPid, SIGKILL) : (fleet.postgresPid, SIGINT)
            }
            #expect(fire.status == .exited(0), "\(fire.said)")
            #expect(fire.signals >= 2 && fire.showsFaults, "nothing was hit: \(fire.said)")
        }
    }
}
