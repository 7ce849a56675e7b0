import Contracts
import FleetTesting
import Foundation
import NATS
import Testing

@testable import Worker

/// What is noted of how events came.
@Suite("Notes of deliveries")
struct DeliveryTests {
    /// Publishes an event again, as a broker or a publisher may, without the id that the stream would know it by.
    private static func again(_ fleet: TestFleet, _ id: UUID, version: Int) async throws {
        let stream = try #require(fleet.contracts.stream(named: "NOTE_EVENTS"))
        try await fleet.client.publish(
            stream.subject(aggregateId: id, type: "NOTE_WRITTEN"),
            headers: [
                ("ce-id", UUID().uuidString.lowercased()), ("ce-type", "NOTE_WRITTEN"),
                ("ce-subject", id.uuidString.lowercased()), ("ce-sequence", "\(version)"),
                ("ce-time", "2026-01-01T00:00:00Z"),
            ],
            body: Array(#"{"eventType": "NOTE_WRITTEN", "text": "x", "timestamp": "2026-01-01T00:00:00Z"}"#.utf8))
    }

    private static func noted(_ fleet: TestFleet, _ id: UUID) async throws -> [String] {
        try await fleet.sql(
            """
            SELECT version || ' ' || outcome || ' ' || deliveries || ' ' || duplicates FROM readers.deliveries
            WHERE aggregate_id = '\(id.uuidString)' AND consumer = 'readers:NOTE_EVENTS' ORDER BY version
            """)
    }

    @Test("each event is noted with how often it came, also before the one that it waits for")
    func counts() async throws {
        try await RuntimeTests.withFleet { fleet in
            let id = UUID()
            try await Self.again(fleet, id, version: 2)
            try await fleet.until("the early one waits") {
                try await Self.noted(fleet, id).first?.hasPrefix("2 waiting") == true
            }
            _ = try await RuntimeTests.write(fleet, id)
            try await fleet.until("both are applied") {
                let noted = try await Self.noted(fleet, id)
                return noted.count == 2 && noted[0] == "1 applied 1 0" && noted[1].hasPrefix("2 applied")
            }
            let came = try await fleet.sql(
                "SELECT deliveries > 1 AND done_at > first_at FROM readers.deliveries WHERE version = 2")
            #expect(came == ["t"])
            for _ in 0..<3 { try await Self.again(fleet, id, version: 1) }
            try await fleet.until("the duplicates are counted") {
                try await Self.noted(fleet, id).first == "1 applied 4 3"
            }
        }
    }

    @Test("an event that fails is noted with why, whether it is applied or dead in the end")
    func failures() async throws {
        try await RuntimeTests.withFleet { fleet in
            let (late, dead) = (UUID(), UUID())
            _ = try await RuntimeTests.write(fleet, late, "stumble")
            _ = try await RuntimeTests.write(fleet, dead, "poison")
            try await fleet.until("it is applied") { try await Self.noted(fleet, late) == ["1 applied 3 0"] }
            try await fleet.until("it is dead") {
                try await Self.noted(fleet, dead).first?.hasPrefix("1 dead") == true
            }
            let errors = try await fleet.sql("SELECT error FROM readers.deliveries ORDER BY outcome")
            #expect(errors == ["Stumble()", "cannot be read"])
        }
    }

    @Test("a flood of duplicates is counted to the last and changes nothing")
    func flood() async throws {
        try await RuntimeTests.withFleet { fleet in
            let ids = (0..<50).map { _ in UUID() }
            for id in ids { _ = try await RuntimeTests.write(fleet, id) }
            try await fleet.until("all is read") { try await fleet.sql("SELECT count(*) FROM readers.read") == ["50"] }
            let count = Int(ProcessInfo.processInfo.environment["FLOOD"] ?? "") ?? 5_000
            let began = ContinuousClock.now
            for number in 0..<count { try await Self.again(fleet, ids[number % 50], version: 1) }
            try await fleet.until("all are counted", within: .seconds(60)) {
                try await fleet.sql("SELECT sum(duplicates) FROM readers.deliveries") == ["\(count)"]
            }
            print("duplicates rate: \(Double(count) / ((ContinuousClock.now - began) / .seconds(1)))/s")
            #expect(try await fleet.sql("SELECT count(*) FROM readers.read") == ["50"])
        }
    }

    @Test("notes are forgotten after thirty days, younger ones are not")
    func forgets() async throws {
        try await RuntimeTests.withFleet { fleet in
            _ = try await fleet.sql(
                """
                INSERT INTO notes.deliveries
                    (consumer, aggregate_id, version, event_id, type, outcome, deliveries, first_at, done_at)
                SELECT 'a', gen_random_uuid(), n, gen_random_uuid(), 'T', 'applied', 1, now() - n * interval '1 day', now()
                FROM generate_series(29, 31, 2) n
                """)
            _ = try await fleet.sql("SET search_path TO notes; " + DeliveryLog.forget.sql)
            #expect(try await fleet.sql("SELECT version FROM notes.deliveries") == ["29"])
        }
    }
}
