import Crypto
public import FoundationEssentials
public import Worker

/// Signs the fleet's tokens: JWS in compact form (RFC 7515) with Ed25519 (RFC 8037).
public struct TokenSigner: Sendable {
    /// What a token lets its holder be.
    public enum Role: String, Sendable, CaseIterable {
        case customer, staff
    }

    /// The `iss` claim.
    public static let issuer = "flotilla"
    static let seedBytes = 32

    /// The `kid` of the key: the first 16 hexadecimal digits of the SHA-256 of the public key.
    public let keyId: String
    /// The public key as a JSON Web Key Set (RFC 7517).
    public let jwks: [UInt8]
    private let key: Curve25519.Signing.PrivateKey
    /// The encoded header, the same in every token.
    private let header: String

    /// - Parameter seed: 32 random bytes in base64url without padding: the private key of RFC 8032.
    /// - Throws: ``TokenSignerError``, which does not repeat the seed.
    public init(seed: String) throws(TokenSignerError) {
        guard let bytes = Base64URL.decode(seed) else {
            throw TokenSignerError("the signing key is not base64url without padding")
        }
        guard bytes.count == Self.seedBytes, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else {
            throw TokenSignerError("the signing key has \(bytes.count) bytes; expected \(Self.seedBytes)")
        }
        self.init(key)
    }

    /// - Parameter path: a file with the seed; white space around it is no part of it.
    /// - Throws: ``TokenSignerError``, naming the file.
    public init(seedFile path: String) throws(TokenSignerError) {
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw TokenSignerError("\(path): the file of the signing key is missing or cannot be read")
        }
        let text = String(decoding: contents, as: UTF8.self)
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { throw TokenSignerError("\(path): the file of the signing key is empty") }
        do {
            try self.init(seed: String(text[start...last]))
        } catch {
            throw TokenSignerError("\(path): \(error)")
        }
    }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        let publicKey = Array(key.publicKey.rawRepresentation)
        let keyId = Self.hex(SHA256.hash(data: publicKey).prefix(8))
        self.keyId = keyId
        header = Base64URL.encode(
            JSONWriter.object { json in
                json.field("alg", "EdDSA")
                json.field("typ", "JWT")
                json.field("kid", keyId)
            })
        jwks = JSONWriter.object { json in
            json.objects("keys", CollectionOfOne(publicKey)) { json, publicKey in
                json.field("kty", "OKP")
                json.field("crv", "Ed25519")
                json.field("kid", keyId)
                json.field("x", Base64URL.encode(publicKey))
                json.field("alg", "EdDSA")
                json.field("use", "sig")
            }
        }
    }

    /// A token for `subject`, valid from `now` on.
    ///
    /// - Parameters:
    ///   - email: left out of the token when nil.
    ///   - lifetime: whole seconds count.
    ///   - session: the `sid` claim: the session that it is given out in; nil for none.
    ///   - id: the `jti` claim.
    /// - Throws: what the cryptographic library throws when it has no random numbers.
    public func sign(
        subject: UUID, role: Role, email: String? = nil, lifetime: Duration, session: UUID? = nil,
        id: UUID = UUIDv7.next(), at now: Timestamp = .now()
    ) throws -> String {
        let claims = JSONWriter.object { json in
            json.field("iss", Self.issuer)
            json.field("sub", subject)
            json.field("role", role.rawValue)
            json.fieldIfPresent("email", email)
            json.field("iat", now.seconds)
            json.field("exp", (now + lifetime).seconds)
            json.field("jti", id)
            json.fieldIfPresent("sid", session)
        }
        let signed = header + "." + Base64URL.encode(claims)
        return signed + "." + Base64URL.encode(try key.signature(for: Array(signed.utf8)))
    }

    /// A secret for another use, from which neither the signing key nor that of a third use can be told (HKDF, RFC 5869).
    func derivedKey(for use: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.rawRepresentation), info: Array("flotilla \(use)".utf8),
            outputByteCount: 32)
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
    }
}

/// Why there is no signing key, in one line.
public struct TokenSignerError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
