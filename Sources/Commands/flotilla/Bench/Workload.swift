import Reactor

/// What a fleet is asked, again and again.
enum Workload: String, CaseIterable {
    case echo = "echo (users.keys)"
    case create = "order create"
    case read = "order read"

    @Reactor
    func loop(_ fleet: BenchedFleet, _ shop: BenchShop) -> ClosedLoop {
        switch self {
        case .echo: ClosedLoop(fleet.nats, next: { .init(subject: "users.keys") })
        case .create: ClosedLoop(fleet.nats, next: { shop.newOrder() }, answered: { shop.note($0) })
        case .read: ClosedLoop(fleet.nats, next: { shop.readOrder() })
        }
    }

    /// - Throws: `CommandFailure` when requests failed: what they cost says nothing then.
    func check(_ result: ClosedLoop.Result) throws {
        guard result.failures.isEmpty else {
            let failures = result.failures.map { "\($0.value) x \($0.key)" }.sorted()
            throw CommandFailure(.internal, "\(rawValue): requests failed: " + failures.joined(separator: ", "))
        }
    }
}
