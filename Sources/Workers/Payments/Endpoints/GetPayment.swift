import FoundationEssentials
import Worker

/// `payments.get`: one payment, for its owner and staff.
enum GetPayment {
    private static let select = Statement(
        """
        SELECT \(PaymentDocument.columns) FROM payments p WHERE p.id = $1 AND ($2::uuid IS NULL OR p.user_id = $2)
        """)

    static let endpoint = Endpoint("payments.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id), .uuid(context.caller.confinedTo)).first else {
            throw ServiceError.noPayment(id)
        }
        let payment = try PaymentDocument(row)
        return .object { payment.write(to: &$0) }
    }
}
