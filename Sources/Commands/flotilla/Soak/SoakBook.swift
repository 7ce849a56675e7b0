import JSON

/// What the people of the soak remember, to have something to do it to.
actor SoakBook {
    struct Order: Sendable {
        let id: String
        let customer: Customer
        /// As the shop wrote it.
        let total: String
        let currency: String
        var paymentId: String?
    }

    /// The latest only: old orders are left alone.
    private static let most = 400

    private var orders: [Order] = []
    private var random: SeededRandom
    private var outcomes: [String: [Int: Int]] = [:]
    private(set) var failures: [String] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    func nextOperation() -> SoakOperation { SoakOperation.random(using: &random) }

    func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    func anOrder() -> Order? { orders.randomElement(using: &random) }

    func aPaidOrder() -> Order? { orders.filter { $0.paymentId != nil }.randomElement(using: &random) }

    func remember(_ order: Order) {
        orders.append(order)
        if orders.count > Self.most { orders.removeFirst() }
    }

    func paid(_ order: String, by payment: String?) {
        guard let index = orders.firstIndex(where: { $0.id == order }) else { return }
        orders[index].paymentId = payment ?? orders[index].paymentId
    }

    func note(_ operation: SoakOperation, _ status: Int, _ problem: String?) {
        outcomes[operation.rawValue, default: [:]][status, default: 0] += 1
        if status >= 500 { failures.append("\(operation.rawValue): \(status) \(problem ?? "")") }
    }

    func failed(_ operation: SoakOperation, _ error: any Error) {
        failures.append("\(operation.rawValue): \(error)")
    }

    func report() -> String {
        var table = TextTable(["OPERATION", "DONE", "REFUSED", "BY STATUS"])
        for operation in SoakOperation.allCases {
            guard let statuses = outcomes[operation.rawValue] else { continue }
            let done = statuses.filter { $0.key < 300 }.reduce(0) { $0 + $1.value }
            let all = statuses.reduce(0) { $0 + $1.value }
            let detail = statuses.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
            table.add([operation.rawValue, "\(done)", "\(all - done)", detail.joined(separator: ", ")])
        }
        return table.text
    }
}
