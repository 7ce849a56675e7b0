import FleetTesting
import JSON

/// One after the other of operations that are drawn by lot; many of them are refused.
struct RandomTrade {
    static let products = 5
    private static let customers = (1...3).map { "0190aaaa-0000-7000-8000-00000000000\($0)" }
    static let outcomes: Set<String> = [
        "done", "out-of-stock", "too-many-holds", "product-discontinued", "unknown-product", "stock-not-available",
        "reservation-not-found", "illegal-transition", "idempotency-key-reused", "validation",
    ]

    private let room: Stockroom
    private var state: UInt64
    /// What came in by accepted operations, less what was taken away, by product.
    private(set) var received: [Int: Int] = [:]
    private(set) var outcomes: [String: Int] = [:]

    init(_ room: Stockroom, seed: UInt64) {
        self.room = room
        state = seed
    }

    mutating func run(_ count: Int) async throws {
        for number in 1...count {
            // Orders move on, so that there are always some that nobody has touched and some that many have.
            let answer = try await one(order: number / 3 + draw(1...30))
            let type = answer.body["type"]?.string?.split(separator: ":").last.map(String.init)
            outcomes[answer.status == 0 ? "done" : type ?? "\(answer.status)", default: 0] += 1
            // At any moment, not only at the end.
            if number % 20 == 0, try await room.mismatches() != 0 { outcomes["mismatch", default: 0] += 1 }
        }
    }

    private mutating func one(order: Int) async throws -> TestFleet.Answer {
        let product = draw(1...Self.products)
        switch draw(1...20) {
        case 1...9:
            // One product more than there are, and quantities that soon are too large.
            let chosen = Set((0..<draw(1...3)).map { _ in draw(1...Self.products + (draw(1...20) == 1 ? 1 : 0)) })
            let lines = chosen.map { (product: $0, quantity: draw(1...6)) }
            return try await room.reserve(
                order: order, lines.shuffled(), userId: Self.customers[draw(0...2)],
                key: draw(1...3) == 1 ? "k\(order)" : nil)
        case 10...11: return try await room.settle("commit", order: order)
        case 12...14: return try await room.settle("release", order: order)
        case 15...16:
            let quantity = draw(0...8)
            return try await counted(product, quantity, room.restock(product, quantity))
        case 17...18:
            let quantity = draw(-12...6)
            return try await counted(product, quantity, room.adjust(product, quantity, "counted"))
        default:
            let members = [#""discontinued": true"#, #""discontinued": false"#, #""lowStockAt": \#(draw(0...30))"#]
            return try await room.update(product, members[draw(0...2)])
        }
    }

    private mutating func counted(
        _ product: Int, _ quantity: Int, _ answer: TestFleet.Answer
    ) -> TestFleet.Answer {
        if answer.status == 0 { received[product, default: 0] += quantity }
        return answer
    }

    /// A linear congruential generator: the same seed draws the same.
    private mutating func draw(_ range: ClosedRange<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int((state >> 33) % UInt64(range.count))
    }
}
