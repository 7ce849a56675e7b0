/// How names of contracts are spelled in documents.
enum Naming {
    /// `too-large` and `stock_items` become `TooLarge` and `StockItems`.
    static func pascal(_ name: String) -> String {
        name.split { $0 == "-" || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// `out-of-stock` becomes `Out of stock`.
    static func sentence(_ slug: String) -> String {
        slug.prefix(1).uppercased() + slug.dropFirst().replacing("-", with: " ")
    }

    /// A name for each source. Sources whose names would be the same are numbered from the second one on.
    static func distinct(_ sources: [String], _ name: (String) -> String) -> [String: String] {
        var taken: Set<String> = []
        var names: [String: String] = [:]
        for source in sources where names[source] == nil {
            let plain = name(source)
            var candidate = plain
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(plain)_\(number)"
                number += 1
            }
            names[source] = candidate
        }
        return names
    }
}
