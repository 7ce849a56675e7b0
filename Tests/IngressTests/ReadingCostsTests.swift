import Testing

@testable import Ingress

@Suite("whose announcements are read first")
struct ReadingCostsTests {
    private static func instance(_ name: String) -> ServiceInstance { ServiceInstance(name: name, id: "i") }

    private static func order(_ costs: ReadingCosts, _ announcements: [(String, Int)]) -> [String] {
        costs.inOrder(announcements.map { (instance($0.0), $0.1) }).map(\.name)
    }

    @Test("who cost much waits; among others the shortest and the first come first by turns")
    func order() {
        var costs = ReadingCosts()
        costs.add(.milliseconds(50), to: "dear")
        costs.add(.microseconds(300), to: "cheap")
        let announcements = [("dear", 1), ("large", 9), ("cheap", 5), ("small", 2)]
        #expect(Self.order(costs, announcements) == ["small", "cheap", "large", "dear"])
        costs.endRound()
        #expect(Self.order(costs, announcements) == ["large", "cheap", "small", "dear"])
    }

    @Test("what was spent is forgiven after a while")
    func forgiven() {
        var costs = ReadingCosts()
        costs.add(.milliseconds(50), to: "dear")
        for _ in 0..<ReadingCosts.roundsToHalf * 6 { costs.endRound() }
        #expect(Self.order(costs, [("dear", 1), ("other", 2)]) == ["dear", "other"])
    }
}
