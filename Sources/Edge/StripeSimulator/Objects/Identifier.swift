/// Ids with Stripe's prefixes.
enum Identifier {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `prefix` and 24 random letters and digits.
    static func make(_ prefix: String, length: Int = 24) -> String {
        var random = SystemRandomNumberGenerator()
        let tail = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        return prefix + String(decoding: tail, as: UTF8.self)
    }
}
