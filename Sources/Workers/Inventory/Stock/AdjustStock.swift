import FoundationEssentials
import Worker

/// `inventory.products.adjust`: makes the stock what people found it to be. Only what is available can be taken away.
enum AdjustStock {
    enum Reason: String, CaseIterable {
        case damaged
        case lost
        case found
        /// A count showed another number.
        case counted
        /// A customer sent it back.
        case returned
    }

    struct Request {
        let id: UUID
        let quantity: Int64
        let reason: Reason
        let note: String?

        init(_ fields: inout Fields) {
            id = fields.uuid("id")
            quantity = fields.integer("quantity", in: -1_000_000...1_000_000)
            reason = fields.choice("reason", of: Reason.self)
            note = fields.optionalString("note", length: 1...500)
            switch reason {
            case _ where quantity == 0: fields.refuse("quantity", "nothing is to be changed by 0")
            case .damaged, .lost:
                if quantity > 0 { fields.refuse("quantity", "what is \(reason) is taken away; expected less than 0") }
            case .found, .returned:
                if quantity < 0 { fields.refuse("quantity", "what is \(reason) is added; expected more than 0") }
            case .counted: break
            }
        }
    }

    static let endpoint = Endpoint("inventory.products.adjust") {
        Request(&$0)
    } _: { request, context in
        try await context.commit(deciding: { transaction in
            var product = try await GetProduct.locked(request.id, transaction)
            guard product.available + request.quantity >= 0 else { throw tooMuch(product) }
            product.available += request.quantity
            let movement = StockMovement(.adjusted, available: 1, by: context.caller)
            return (
                [
                    movement.query(
                        product.id, request.quantity, reason: request.reason.rawValue, note: request.note)
                ], product.reply(for: context.caller)
            )
        })
    }

    private static func tooMuch(_ product: Product) -> ServiceError {
        ServiceError(
            409, "stock-not-available", "only what is available can be taken away, not what is held for orders",
            fieldErrors: [
                FieldError(
                    pointer: "/quantity",
                    message: "\(product.available) are available and \(product.reserved) are held for orders")
            ])
    }
}
