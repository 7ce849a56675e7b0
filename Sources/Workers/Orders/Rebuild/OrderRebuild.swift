public import Worker

public import struct FoundationEssentials.UUID

/// Folds the event store into the projection and compares the two; repairs what differs, while workers run.
public struct OrderRebuild: Sendable {
    /// An order whose projection is not what its events make.
    public struct Difference: Sendable {
        public let orderId: UUID
        /// What differs, in words.
        public let what: String
        /// Whether it is right now.
        public let isRepaired: Bool
    }

    /// What has been done so far.
    public struct Progress: Sendable {
        public var orders = 0
        public var events = 0
        public var differences = 0
        public var repaired = 0
        /// The first ones.
        public var examples: [Difference] = []
    }

    private let database: PostgresPool
    private let repairs: Bool

    private static let pageSize: Int64 = 500
    private static let examples = 10
    private static let pageLimit = Duration.seconds(30)

    /// - Parameters:
    ///   - database: the schema of orders.
    ///   - repairs: whether what differs is set right.
    public init(database: PostgresPool, repairs: Bool) {
        self.database = database
        self.repairs = repairs
    }

    /// How many events there are, for a progress bar.
    @Reactor
    public func eventCount() async throws -> Int {
        let rows = try await database.query(
            Query("SELECT count(*) FROM events"), deadline: .now + Self.pageLimit)
        return try rows.first.map { Int(try $0.int(0)) } ?? 0
    }

    /// Goes through all orders once.
    ///
    /// - Parameter report: called after each page.
    /// - Throws: `PostgresError`.
    @Reactor
    public func run(_ report: (Progress) -> Void = { _ in }) async throws -> Progress {
        var progress = Progress()
        var orders = try await page(after: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        while let last = orders.last {
            // The database reads the next page while this one is folded.
            async let next = page(after: last.id)
            try await compare(orders, &progress)
            report(progress)
            orders = try await next
        }
        return progress
    }

    @Reactor
    private func page(after id: UUID) async throws -> [StoredOrder] {
        let rows = try await database.query(
            Query(StoredOrder.page, .uuid(id), .int(Self.pageSize)), deadline: .now + Self.pageLimit)
        return try StoredOrder.orders(rows)
    }

    @Reactor
    private func compare(_ orders: [StoredOrder], _ progress: inout Progress) async throws {
        let rebuilt = orders.map { order in Result { try order.rebuilt() } }
        let texts = rebuilt.map { (try? $0.get())?.searchText ?? "" }
        let words = try await database.query(Query(StoredOrder.words, .texts(texts)), deadline: .now + Self.pageLimit)
        for (index, order) in orders.enumerated() {
            progress.orders += 1
            progress.events += order.events.count
            let what: String?
            switch rebuilt[index] {
            case .success(let rebuilt): what = order.difference(to: rebuilt, words: try words[index].text(0))
            case .failure(let error): what = "the events cannot be read: \(error)"
            }
            if let what { try await take(order, what, &progress) }
        }
    }

    @Reactor
    private func take(_ order: StoredOrder, _ what: String, _ progress: inout Progress) async throws {
        let isRepaired = repairs ? try await repair(order.id) : false
        progress.differences += 1
        if isRepaired { progress.repaired += 1 }
        guard progress.examples.count < Self.examples else { return }
        progress.examples.append(Difference(orderId: order.id, what: what, isRepaired: isRepaired))
    }

    /// Under the row's lock the events are read again: a command that commits before is in them, one that comes later
    /// writes over what is written here.
    ///
    /// - Returns: false when the events do not make an order: then the row is all there is, and it stays.
    @Reactor
    private func repair(_ id: UUID) async throws -> Bool {
        try await database.transaction(deadline: .now + Self.pageLimit) { transaction in
            _ = try await transaction.query(OrderRow.selectLocked, .uuid(id))
            let rows = try await transaction.query(StoredOrder.one, .uuid(id))
            guard let stored = try StoredOrder.orders(rows).first, let order = try? stored.rebuilt() else {
                return false
            }
            _ = try await transaction.commit(with: [OrderRow.replace(order), OrderRow.index(order)])
            return true
        }
    }
}
