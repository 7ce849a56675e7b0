import FoundationEssentials
import JSON
import Testing

@testable import Orders

@Suite("The order of a timeline")
struct TimelineOrderTests {
    private func event(
        _ worker: String, _ name: String, _ id: UUID, at: Int64, causedBy: UUID? = nil, command: String? = nil
    ) -> TimelineEntry {
        var detail = JSONObject()
        detail["command"] = command.map { .string($0) }
        return TimelineEntry(
            worker: worker, kind: "event", name: name, at: at, eventId: id, causedBy: causedBy, detail: detail)
    }

    private func delivery(_ worker: String, of id: UUID, at: Int64) -> TimelineEntry {
        TimelineEntry(
            worker: worker, kind: "delivery", name: "to \(worker)", at: at, causedBy: id, detail: JSONObject())
    }

    @Test("no effect stands before its cause, whatever the clocks of the machines say")
    func causes() {
        let (created, committed) = (UUID(), UUID())
        // The clock of inventory is a second behind.
        let sorted = TimelineOrder.sorted([
            event("inventory", "STOCK_COMMITTED", committed, at: 101, causedBy: created),
            delivery("orders", of: committed, at: 1_050),
            delivery("inventory", of: created, at: 100),
            event("orders", "ORDER_CREATED", created, at: 1_000, command: "orders.create"),
        ])
        #expect(
            sorted.map(\.name) == [
                "orders.create", "ORDER_CREATED", "to inventory", "STOCK_COMMITTED", "to orders",
            ])
    }

    @Test("what has no cause stands by its time; entries of one time stay in the order in which they came")
    func times() {
        func mail(_ name: String, at: Int64) -> TimelineEntry {
            TimelineEntry(worker: "notifications", kind: "mail", name: name, at: at, detail: JSONObject())
        }
        let sorted = TimelineOrder.sorted([mail("c", at: 3), mail("a", at: 1), mail("b1", at: 2), mail("b2", at: 2)])
        #expect(sorted.map(\.name) == ["a", "b1", "b2", "c"])
    }

    @Test("causes that go in a circle do no harm")
    func circle() {
        let (one, other) = (UUID(), UUID())
        let sorted = TimelineOrder.sorted([
            event("a", "ONE", one, at: 1, causedBy: other), event("b", "OTHER", other, at: 2, causedBy: one),
        ])
        #expect(Set(sorted.map(\.name)) == ["ONE", "OTHER"])
    }

    @Test("a trace's id is the middle of its context; what is no context has none")
    func traces() {
        func entry(_ trace: String?) -> TimelineEntry {
            TimelineEntry(worker: "a", kind: "event", name: "E", at: 1, trace: trace, detail: JSONObject())
        }
        #expect(
            entry("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").traceId
                == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(entry("nonsense").traceId == nil)
        #expect(entry(nil).traceId == nil)
    }
}
