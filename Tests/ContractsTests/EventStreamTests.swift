import Contracts
import FoundationEssentials
import JSON
import Testing

@Suite("event subjects")
struct EventStreamTests {
    private func stream(_ partitions: Int) -> EventStream {
        EventStream(
            worker: "orders", name: "ORDER_EVENTS", prefix: "order-events", aggregate: "order", partitions: partitions,
            retention: .seconds(86_400), types: [EventType(name: "ORDER_CREATED", description: "Created.")])
    }

    @Test(
        "the partition of an id is the one that any FNV-1a computes",
        arguments: [
            ("00000000-0000-0000-0000-000000000000", [0, 0, 3, 241]),
            ("01890a5d-ac96-774b-bcce-b302099a8057", [0, 2, 5, 243]),
            ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", [0, 1, 1, 49]),
            ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", [0, 2, 2, 48]),
        ])
    func knownPartitions(_ text: String, _ expected: [Int]) throws {
        let id = try #require(UUID(text: text))
        #expect([1, 3, 6, 256].map { stream($0).partition(of: id) } == expected)
    }

    @Test("new ids are spread evenly")
    func spread() {
        let stream = stream(6)
        var counts = Array(repeating: 0, count: 6)
        for _ in 0..<12_000 { counts[stream.partition(of: .version7())] += 1 }
        #expect(counts.allSatisfy { 1600...2400 ~= $0 }, "\(counts)")
    }

    @Test("a subject names stream, partition, aggregate and type")
    func subject() throws {
        let id = try #require(UUID(text: "01890A5D-AC96-774B-BCCE-B302099A8057"))
        #expect(
            stream(6).subject(aggregateId: id, type: "ORDER_CREATED")
                == "order-events.5.01890a5d-ac96-774b-bcce-b302099a8057.ORDER_CREATED")
        #expect(stream(6).wildcard == "order-events.>")
        #expect(stream(6).type(named: "ORDER_CREATED") != nil)
        #expect(stream(6).type(named: "ORDER_LOST") == nil)
    }
}
