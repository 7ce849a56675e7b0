import Crypto
import FoundationEssentials
import Worker

/// Ends the mails of one kind to one user, without a login: `<userId>.<kind>.<HMAC-SHA256, base64url>`. It does not expire, as a
/// mail does not.
struct UnsubscribeToken: Sendable, Equatable {
    let userId: UUID
    let kind: MessageKind

    func text(_ key: [UInt8]) -> String {
        let code = Data(HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: key)))
        let text = code.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
        return "\(userId.text).\(kind.rawValue).\(text)"
    }

    private var signed: String { "unsubscribe\n\(userId.text)\n\(kind.rawValue)" }

    init(userId: UUID, kind: MessageKind) {
        self.userId = userId
        self.kind = kind
    }

    /// Nil for a token that was not made with this key.
    init?(_ text: String, key: [UInt8]) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let userId = UUID(text: String(parts[0])),
            let kind = MessageKind(rawValue: String(parts[1])), kind.isOptional
        else { return nil }
        self.init(userId: userId, kind: kind)
        // Takes as long wherever the two differ.
        let (given, expected) = (Array(text.utf8), Array(self.text(key).utf8))
        guard given.count == expected.count,
            zip(given, expected).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0
        else { return nil }
    }
}
