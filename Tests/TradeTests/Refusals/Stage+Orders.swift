import Worker

/// What orders and inventory refuse by contracts of their own.
extension Stage {
    var orderProvocations: [Provocation] {
        let nobody = UUIDv7.next().text
        func ask(_ subject: String, _ problem: String, _ id: String, _ more: String = "", by actor: String)
            -> Provocation
        {
            Provocation(subject, problem, #"{"id": "\#(id)"\#(more)}"#, by: actor)
        }
        let address =
            #", "shippingAddress": {"street": "2 Quay", "city": "Ogdenville", "zipCode": "1", "country": "US"}"#
        let shipping = #", "status": "shipped""#
        return [
            Provocation(
                "orders.create", "forbidden",
                #"{"userId": "\#(nobody)", "items": [{"productId": "\#(products.mug)", "quantity": 1}]}"#, by: owner),
            Provocation(
                "orders.create", "reservation-expired",
                #"{"items": [{"productId": "\#(products.mug)", "quantity": 1}]}"#, by: owner, key: Self.expiredKey),
            ask("orders.get", "order-not-found", orders.pending, by: stranger),
            ask("orders.status", "order-not-found", nobody, shipping, by: Market.staff),
            ask("orders.status", "illegal-transition", orders.pending, shipping, by: Market.staff),
            ask("orders.address", "order-not-found", orders.pending, address, by: stranger),
            ask("orders.address", "address-fixed", orders.confirmed, address, by: owner),
            ask("orders.cancel", "order-not-found", orders.pending, by: stranger),
            ask("orders.cancel", "illegal-transition", orders.shipped, by: owner),
            ask("orders.history", "order-not-found", orders.pending, by: stranger),
            ask("orders.saga", "order-not-found", nobody, by: Market.staff),
            ask("orders.timeline", "order-not-found", nobody, by: Market.staff),
        ] + lines.flatMap { [placing($0), reserving($0)] }
    }

    var inventoryProvocations: [Provocation] {
        let nobody = UUIDv7.next().text
        func staff(_ subject: String, _ problem: String, _ body: String) -> Provocation {
            Provocation("inventory.products.\(subject)", problem, body, by: Market.staff)
        }
        return [
            staff("get", "product-not-found", #"{"id": "\#(nobody)"}"#),
            staff(
                "create", "product-exists",
                #"{"id": "\#(products.mug)", "sku": "NEW-1", "name": "Jug", "price": 1, "stock": 5}"#),
            staff("create", "product-exists", #"{"sku": "USED-1", "name": "Jug", "price": 1, "stock": 5}"#),
            staff("update", "product-not-found", #"{"id": "\#(nobody)", "price": 1}"#),
            staff("restock", "product-not-found", #"{"id": "\#(nobody)", "quantity": 1}"#),
            staff("adjust", "product-not-found", #"{"id": "\#(nobody)", "quantity": 1, "reason": "found"}"#),
            staff(
                "adjust", "stock-not-available", #"{"id": "\#(products.scarce)", "quantity": -2, "reason": "lost"}"#),
            staff("ledger", "product-not-found", #"{"id": "\#(nobody)"}"#),
            Provocation("inventory.release", "reservation-not-found", #"{"orderId": "\#(nobody)"}"#),
            Provocation("inventory.commit", "reservation-not-found", #"{"orderId": "\#(nobody)"}"#),
            Provocation("inventory.commit", "illegal-transition", #"{"orderId": "\#(orders.cancelled)"}"#),
        ]
    }

    // MARK: - Lines that cannot be had

    private struct Lines {
        let problem: String
        let items: String
        let customer: String
    }

    /// With a good line first, so that half of the order could be held.
    private var lines: [Lines] {
        let good = #"{"productId": "\#(products.mug)", "quantity": 1}"#
        func lines(_ problem: String, _ product: String, quantity: Int = 1, _ more: String = "") -> Lines {
            let bad = #"{"productId": "\#(product)", "quantity": \#(quantity)\#(more)}"#
            return Lines(
                problem: problem, items: product == products.mug ? "[\(bad)]" : "[\(good), \(bad)]", customer: owner)
        }
        return [
            lines("unknown-product", UUIDv7.next().text),
            lines("price-changed", products.scarce, #", "price": 1.00"#),
            lines("currency-mismatch", products.euro),
            lines("out-of-stock", products.scarce, quantity: 2),
            lines("product-discontinued", products.gone),
            Lines(problem: "too-many-holds", items: "[\(good)]", customer: hoarder),
        ]
    }

    private func placing(_ lines: Lines) -> Provocation {
        Provocation("orders.create", lines.problem, #"{"items": \#(lines.items)}"#, by: lines.customer)
    }

    private func reserving(_ lines: Lines) -> Provocation {
        let user = lines.customer.dropFirst("customer:".count)
        return Provocation(
            "inventory.reserve", lines.problem,
            #"{"orderId": "\#(UUIDv7.next().text)", "userId": "\#(user)", "items": \#(lines.items)}"#)
    }
}
