import FoundationEssentials
import Worker

/// `inventory.products.get`
enum GetProduct {
    private static let select = Statement("SELECT \(Product.columns) FROM products WHERE id = $1")

    static let endpoint = Endpoint("inventory.products.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id)).first else { throw unknown(id) }
        return try Product(row).reply(for: context.caller)
    }

    /// The product as it stays until the transaction ends.
    @Reactor
    static func locked(_ id: UUID, _ transaction: Transaction) async throws -> Product {
        guard let row = try await transaction.query(Product.selectLocked, .uuid(id)).first else { throw unknown(id) }
        return try Product(row)
    }

    static func unknown(_ id: UUID) -> ServiceError {
        ServiceError(404, "product-not-found", "there is no product \(id.text)")
    }
}
