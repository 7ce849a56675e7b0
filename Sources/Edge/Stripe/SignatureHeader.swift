/// A parsed `Stripe-Signature` header.
struct SignatureHeader {
    /// Seconds since 1970, as signed.
    var timestamp: Int64
    /// The `v1` signatures, decoded from hex; at most ``signatureLimit``.
    var signatures: [[UInt8]]

    static let lengthLimit = 4096
    static let signatureLimit = 16

    /// Other schemes (`v0`) are skipped, as Stripe asks. A `v1` that is not hex cannot match, so it is skipped as well.
    init(_ text: String) throws(StripeWebhook.VerificationError) {
        guard text.utf8.count <= Self.lengthLimit else { throw .malformedHeader }
        var timestamps: [Int64] = []
        var found = 0
        signatures = []
        for item in text.split(separator: ",") {
            guard let equals = item.firstIndex(of: "=") else { throw .malformedHeader }
            let value = item[item.index(after: equals)...]
            switch item[..<equals].drop(while: { $0 == " " }) {
            case "t":
                guard !value.isEmpty, value.utf8.count <= 15, value.utf8.allSatisfy({ (48...57).contains($0) }),
                    let seconds = Int64(value)
                else { throw .malformedHeader }
                timestamps.append(seconds)
            case "v1":
                found += 1
                guard found <= Self.signatureLimit else { throw .malformedHeader }
                if let bytes = Hexadecimal.bytes(value), bytes.count == 32 { signatures.append(bytes) }
            default: continue
            }
        }
        guard timestamps.count == 1, found > 0 else { throw .malformedHeader }
        timestamp = timestamps[0]
    }
}
