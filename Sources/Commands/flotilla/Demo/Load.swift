import Foundation
import Glibc
import JSON

/// Many orders side by side, with reads between them.
struct Load {
    let shop: Shop
    let orders: Int
    let concurrency: Int
    let rate: Int?

    /// Registers customers, a few at a time: hashing passwords is slow on purpose.
    func register(_ count: Int) async throws -> [Customer] {
        try await withThrowingTaskGroup(of: Customer.self) { group in
            var customers: [Customer] = []
            for number in 0..<max(0, count) {
                if number >= 4, let customer = try await group.next() { customers.append(customer) }
                group.addTask { try await Customer.register(at: shop) }
            }
            for try await customer in group { customers.append(customer) }
            return customers
        }
    }

    /// The first page of the catalogue.
    static func catalogue(of shop: Shop) async throws -> [JSONValue] {
        let answer = try await shop.request("catalogue", "GET", "/products?limit=100")
        guard answer.status == 200, let products = answer.body["products"]?.array, !products.isEmpty else {
            throw Unexpected("catalogue", answer)
        }
        return products.filter { ($0["stock"]?.int64 ?? 0) > 20 }
    }

    func run(customers: [Customer]) async throws -> [PlacedOrder] {
        let catalogue = try await Self.catalogue(of: shop)
        let began = ContinuousClock.now
        var placed: [PlacedOrder] = []
        try await withThrowingTaskGroup(of: PlacedOrder?.self) { group in
            var done = 0
            for number in 0..<orders {
                if number >= concurrency, let order = try await group.next() {
                    done += 1
                    if let order { placed.append(order) }
                    show(done)
                }
                if let rate {
                    try await Task.sleep(until: began + .milliseconds(1_000 * number / rate), clock: .continuous)
                }
                group.addTask {
                    await one(number, by: customers[number % customers.count], catalogue)
                }
            }
            for try await order in group {
                done += 1
                if let order { placed.append(order) }
                show(done)
            }
        }
        let seconds = (ContinuousClock.now - began).inMilliseconds / 1_000
        print(
            "   \(placed.count) placed and paid in \((seconds * 10).rounded() / 10) s"
                + String(repeating: " ", count: 20))
        return placed
    }

    /// One order with what a customer does around it. Nil when it could not be placed: the journal says why.
    private func one(_ number: Int, by customer: Customer, _ catalogue: [JSONValue]) async -> PlacedOrder? {
        do {
            _ = try await shop.request("read", "GET", "/users/\(customer.id)", token: customer.token)
            let order = try await PlacedOrder.place(
                by: customer, from: catalogue, number: number, card: .forOrder(number), at: shop)
            _ = try await shop.request("read", "GET", "/orders/\(order.id)", token: customer.token)
            do { try await order.pay(at: shop) } catch {
                await shop.journal.failed("\(error)")
            }
            return order
        } catch {
            await shop.journal.failed("\(error)")
            return nil
        }
    }

    private func show(_ done: Int) {
        guard isatty(STDOUT_FILENO) == 1 else { return }
        print("   \(done) of \(orders)", terminator: "\r")
        fflush(nil)
    }
}
