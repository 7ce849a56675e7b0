import FoundationEssentials
import Worker

/// What the errors of the SQL function `reserve` mean.
enum ReserveRefusal {
    /// Nil for any other error.
    static func error(_ error: PostgresError, _ request: ReserveRequest) -> ServiceError? {
        guard let sqlState = error.sqlState, sqlState.hasPrefix("FL0") else { return nil }
        let lines = Line.read(error.detail ?? "[]")
        func refusal(
            _ type: String, _ detail: String, status: Int = 409, each message: (Line) -> String
        ) -> ServiceError {
            ServiceError(
                status, type, detail,
                fieldErrors: lines.map { FieldError(pointer: "/items/\($0.number)", message: message($0)) })
        }
        switch sqlState {
        case "FL001":
            return refusal("unknown-product", "the catalogue has no such product", status: 422) {
                "there is no product \($0.productId)"
            }
        case "FL002":
            return refusal(
                "price-changed", "the catalogue's price is another one; show it to the customer and order again"
            ) { "the price of \($0.productId) is \(Money(minorUnits: $0.price, currency: request.currency))" }
        case "FL003":
            return refusal("out-of-stock", "there is not enough in stock") {
                "\($0.available) of \($0.productId) are left"
            }
        case "FL004":
            return refusal("currency-mismatch", "an order is paid in one currency") {
                "\($0.productId) is sold in \($0.currency)"
            }
        case "FL006":
            return refusal("product-discontinued", "a product is no longer sold") {
                "\($0.productId) is no longer sold"
            }
        case "FL007":
            return ServiceError(
                409, "too-many-holds",
                "stock is held for too many unpaid orders of this customer; pay or cancel one of them first")
        default: return nil
        }
    }

    /// One line of the detail of an error of `reserve`.
    private struct Line {
        let number: Int64
        let productId: String
        var price: Int64 = 0
        var available: Int64 = 0
        var currency = ""

        static func read(_ detail: String) -> [Line] {
            guard case .array(let elements)? = try? JSONReader.parse(Array(detail.utf8)) else { return [] }
            return elements.compactMap { element in
                guard case .object(let line) = element, let number = line["line"]?.int64,
                    let productId = line["productId"]?.string
                else { return nil }
                return Line(
                    number: number, productId: productId, price: line["price"]?.int64 ?? 0,
                    available: line["available"]?.int64 ?? 0, currency: line["currency"]?.string ?? "")
            }
        }
    }
}
