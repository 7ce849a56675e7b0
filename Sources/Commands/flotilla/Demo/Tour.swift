import JSON

/// One order from registration to mail, with the time of each step.
struct Tour {
    let shop: Shop

    /// - Returns: the customer and the order, for the rest of the demo.
    func run() async throws -> (Customer, PlacedOrder) {
        let customer = try await step("register and log in") { try await Customer.register(at: shop) }
        let catalogue = try await step("look at the catalogue") { try await Load.catalogue(of: shop) }
        let order = try await step("order") {
            try await PlacedOrder.place(by: customer, from: catalogue, number: 1, card: .good, at: shop)
        }
        try await step("pay \(order.total) USD") { try await order.pay(at: shop) }
        let status = try await step("wait for the order to be confirmed") {
            try await order.finalStatus(at: shop, within: .seconds(30))
        }
        print("   order \(order.id) is \(status)")
        return (customer, order)
    }

    private func step<T>(_ name: String, _ body: () async throws -> T) async throws -> T {
        let began = ContinuousClock.now
        let result = try await body()
        let time = ((ContinuousClock.now - began).inMilliseconds * 10).rounded() / 10
        print("   \(name)\(String(repeating: " ", count: max(1, 40 - name.count)))\(time) ms")
        return result
    }
}
