import FoundationEssentials
import Worker

/// `inventory.products.get`
enum GetProduct {
    private static let select = Statement("SELECT \(Product.columns) FROM products WHERE id = $1")

    static let endpoint = Endpoint("inventory.products.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id)).first else { throw unknown(id) }
        let product = try Product(row)
        return .object { product.write(to: &$0, for: context.caller) }
    }

    static func unknown(_ id: UUID) -> ServiceError {
        ServiceError(404, "product-not-found", "there is no product \(id.text)")
    }
}
