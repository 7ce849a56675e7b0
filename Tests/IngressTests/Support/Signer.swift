import Crypto
import FoundationEssentials
import JSON

@testable import Ingress

/// Signs tokens as the users worker does, and as it never would.
struct Signer: Sendable {
    let kid: String
    private let key = Curve25519.Signing.PrivateKey()

    static let customerID = "0190b0a4-6a7e-7c3a-9d5e-0a1b2c3d4e5f"

    /// The public half, as a JSON Web Key.
    var webKey: String {
        let x = Self.base64(Array(key.publicKey.rawRepresentation))
        return #"{"kty":"OKP","crv":"Ed25519","kid":"\#(kid)","x":"\#(x)","alg":"EdDSA","use":"sig"}"#
    }

    static func webKeys(_ signers: Signer...) -> String {
        #"{"keys":[\#(signers.map(\.webKey).joined(separator: ","))]}"#
    }

    func token(
        role: String = "customer", subject: String = customerID, issuer: String = "flotilla",
        expiresIn seconds: Int = 3600, extra: String = ""
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        return try sign(
            header: #"{"alg":"EdDSA","typ":"JWT","kid":"\#(kid)"}"#,
            payload: #"{"iss":"\#(issuer)","sub":"\#(subject)","role":"\#(role)","exp":\#(now + seconds)\#(extra)}"#)
    }

    func sign(header: String, payload: String) throws -> String {
        let signed = Self.base64(Array(header.utf8)) + "." + Self.base64(Array(payload.utf8))
        let signature = try key.signature(for: Data(signed.utf8))
        return signed + "." + Self.base64(Array(signature))
    }

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
