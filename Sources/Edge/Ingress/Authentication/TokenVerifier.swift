import FoundationEssentials
import JSON
import JWTKit

/// Checks the fleet's own tokens: JWS in compact form (RFC 7515), EdDSA (RFC 8037), the claims of RFC 7519.
struct TokenVerifier: Sendable {
    let issuer: String
    /// Seconds.
    let leeway: Int64

    static let maxBytes = 4096

    /// The identity that `token` proves at `now` (unix seconds).
    func verify(_ token: String, with keys: KeySet, now: Int64) throws(TokenFailure) -> Identity {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.maxBytes else { throw .tooLarge }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        let header = try Self.object(parts[0])
        guard header["alg"]?.string == "EdDSA" else { throw .wrongAlgorithm }
        // Extensions that must be understood (RFC 7515, section 4.1.11) are not.
        guard header["crit"] == nil else { throw .malformed }
        guard let kid = header["kid"]?.string else { throw .missingKeyID }
        guard let key = keys.keys[kid] else { throw .unknownKey }
        let signed = bytes[..<(parts[0].count + 1 + parts[1].count)]
        guard (try? key.verify(signature, signs: signed)) == true else { throw .badSignature }
        return try identity(Self.object(parts[1]), now: now)
    }

    private func identity(_ claims: JSONObject, now: Int64) throws(TokenFailure) -> Identity {
        guard claims["iss"]?.string == issuer else { throw .wrongIssuer }
        guard let expires = Self.seconds(claims["exp"]) else { throw .missingClaim("exp") }
        guard now < expires.addingReportingOverflow(leeway).partialValue else { throw .expired }
        if let notBefore = claims["nbf"] {
            guard let start = Self.seconds(notBefore) else { throw .missingClaim("nbf") }
            guard now >= start - leeway else { throw .notYetValid }
        }
        guard let subject = claims["sub"]?.string, let id = UUID(text: subject) else { throw .missingClaim("sub") }
        guard let role = claims["role"]?.string.flatMap(Identity.Role.init(rawValue:)) else {
            throw .missingClaim("role")
        }
        return Identity(
            role: role, actor: "\(role.rawValue):\(id.text)", session: try Self.session(claims["sid"]), expires: expires
        )
    }

    /// One that is there has to be what the fleet gives out.
    private static func session(_ claim: JSONValue?) throws(TokenFailure) -> String? {
        guard let claim else { return nil }
        guard let session = claim.string.flatMap({ UUID(text: $0) }) else { throw .malformed }
        return session.text
    }

    private static func object(_ part: ArraySlice<UInt8>) throws(TokenFailure) -> JSONObject {
        guard let bytes = Base64URL.decode(part), let value = try? JSONReader.parse(bytes), let object = value.object
        else { throw .malformed }
        return object
    }

    /// A NumericDate in whole seconds; those that no clock will show are malformed.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        guard case .number(let number) = value, let milliseconds = number.decimal(scale: 3),
            (0...Int64(1) << 50).contains(milliseconds)
        else { return nil }
        return milliseconds / 1000
    }
}
