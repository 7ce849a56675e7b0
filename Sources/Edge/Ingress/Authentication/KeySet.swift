import JSON
import JWTKit

/// The fleet's public keys as they were last fetched. Only Ed25519 keys for signatures count; a key's algorithm is fixed here
/// and never taken from a token.
struct KeySet: Sendable {
    private(set) var keys: [String: any JWTAlgorithm] = [:]
    /// The same keys as a JSON Web Key Set (RFC 7517), for `/.well-known/jwks.json`. Made here: whatever else the source has in
    /// it is not shown.
    let document: [UInt8]

    static let maxKeys = 64
    static let maxKeyIDBytes = 128

    /// What is wrong with a fetched document.
    struct Malformed: Error {
        let reason: String
    }

    /// Reads a key set; keys of other types, uses and algorithms are skipped.
    /// - Throws: ``Malformed`` when it is no key set, has no usable key, too many, or two with the same `kid`.
    init(document bytes: [UInt8]) async throws(Malformed) {
        guard let value = try? JSONReader.parse(bytes), let members = value["keys"]?.array else {
            throw Malformed(reason: "it is no JSON Web Key Set")
        }
        guard members.count <= Self.maxKeys else { throw Malformed(reason: "it has more than \(Self.maxKeys) keys") }
        let collection = JWTKeyCollection()
        var shown: [(kid: String, x: String)] = []
        for member in members {
            guard member["kty"]?.string == "OKP", member["crv"]?.string == "Ed25519",
                member["alg"]?.string ?? "EdDSA" == "EdDSA", member["use"]?.string ?? "sig" == "sig",
                let kid = member["kid"]?.string, (1...Self.maxKeyIDBytes).contains(kid.utf8.count),
                let x = member["x"]?.string, Base64URL.decode(x.utf8)?.count == 32,
                let key = try? EdDSA.PublicKey(x: x, curve: .ed25519)
            else { continue }
            guard keys[kid] == nil else { throw Malformed(reason: "it has two keys with the same kid") }
            let identifier = JWKIdentifier(string: kid)
            await collection.add(eddsa: key, kid: identifier)
            guard let algorithm = try? await collection.getKey(for: identifier) else { continue }
            keys[kid] = algorithm
            shown.append((kid, x))
        }
        guard !keys.isEmpty else { throw Malformed(reason: "it has no Ed25519 key") }
        document = JSONWriter.object { writer in
            writer.objects("keys", shown) { writer, key in
                writer.field("kty", "OKP")
                writer.field("crv", "Ed25519")
                writer.field("kid", key.kid)
                writer.field("x", key.x)
                writer.field("alg", "EdDSA")
                writer.field("use", "sig")
            }
        }
    }
}
