import FoundationEssentials

/// The products of a fresh fleet: always the same ones with the same ids, so that examples and scripts can name them.
enum Catalogue {
    struct Product: Encodable {
        let id: String
        let sku: String
        let name: String
        let price: Decimal
        let currency: String
        let stock: Int
    }

    private static let kinds = [
        "Compass", "Lantern", "Rope", "Anchor", "Sextant", "Barometer", "Bell", "Binoculars", "Chart Case",
        "Deck Chair",
        "Hammock", "Logbook",
    ]
    private static let makes = [
        "Brass", "Oak", "Canvas", "Copper", "Teak", "Hemp", "Steel", "Walnut", "Bronze", "Linen",
    ]

    static let products: [Product] = kinds.enumerated().flatMap { kind, kindName in
        makes.enumerated().map { make, makeName in
            let number = kind * makes.count + make + 1
            let cents = 499 + (number * 7_919) % 19_500
            return Product(
                id: identifier(number), sku: "FLT-\(padded(number))", name: "\(makeName) \(kindName)",
                price: Decimal(cents) / 100, currency: "USD", stock: 1_000)
        }
    }

    /// The request of `inventory.products.import`.
    static var json: String {
        struct Request: Encodable { let products: [Product] }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Request(products: products)) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// A UUIDv7 with the time of 2026-01-01 and the number at its end.
    private static func identifier(_ number: Int) -> String { "019b76da-a800-7000-8000-00000000\(padded(number))" }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
