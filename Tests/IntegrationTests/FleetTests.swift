import AsyncHTTPClient
import Foundation
import Glibc
import LocalFleet
import LocalServers
import Testing

/// One after the other: each runs a whole fleet.
@Suite("The fleet", .serialized)
struct FleetTests {
    @Test("comes up with one command, sells, adds up, and leaves nothing behind")
    func demo() async throws {
        try await RunningFleet.run { fleet in
            let (status, said) = try await fleet.command(["demo", "--orders", "40"])
            #expect(status == .exited(0), "\(said)")
            let (listed, services) = try await fleet.command(["ps"])
            #expect(listed == .exited(0))
            for worker in ["users", "orders", "inventory", "payments", "notifications"] {
                #expect(services.contains("\(worker).1"), "\(services)")
            }
        }
    }

    @Test("a worker that is killed in the middle is replaced, and every order still ends as it must, once")
    func killedWorker() async throws {
        try await RunningFleet.run { fleet in
            async let demo = fleet.command(["demo", "--orders", "80", "--rate", "20"])
            for _ in 0..<3 {
                try await Task.sleep(for: .seconds(1.5))
                let pid = try fleet.current().workers.first { $0.name == "orders" }?.pid
                if let pid { kill(pid, SIGKILL) }
            }
            let (status, said) = try await demo
            #expect(status == .exited(0), "\(said)")
        }
    }

    @Test("whoever is killed while orders are placed and paid, each order ends as it must, once")
    func killedMembers() async throws {
        try await RunningFleet.run { fleet in
            async let demo = fleet.command(["demo", "--orders", "120", "--rate", "12"])
            for round in 0..<9 {
                try await Task.sleep(for: .seconds(1))
                let now = try fleet.current()
                let victim = ["payments", "inventory", "notifications"][round % 3]
                if let pid = now.workers.first(where: { $0.name == victim })?.pid { kill(pid, SIGKILL) }
            }
            let (status, said) = try await demo
            #expect(status == .exited(0), "\(said)")
        }
    }

    @Test("the ingress ends by SIGTERM and by a kill: no answer is lost but those of the kill, and every order adds up")
    func restartedIngress() async throws {
        try await RunningFleet.run { fleet in
            async let demo = fleet.command(["demo", "--orders", "80", "--rate", "16"])
            for signal in [SIGTERM, SIGKILL, SIGTERM] {
                try await Task.sleep(for: .seconds(1.5))
                if let pid = try fleet.current().ingressPid { kill(pid, signal) }
            }
            let (status, said) = try await demo
            #expect(status == .exited(0), "\(said)")
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
        try await RunningFleet.run { fleet in
            async let demo = fleet.command(["demo", "--orders", "80", "--rate", "16"])
            try await Task.sleep(for: .seconds(2))
            if let pid = try fleet.current().natsPid { kill(pid, SIGKILL) }
            try await Task.sleep(for: .seconds(2))
            if let pid = try fleet.current().postgresPid { kill(pid, SIGINT) }
            let (status, said) = try await demo
            #expect(status == .exited(0), "\(said)")
        }
    }
}
