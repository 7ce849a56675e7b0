import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import Users

@Suite("The token signer")
struct TokenSignerTests {
    /// RFC 8037, appendix A.1 and A.2.
    static let seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
    static let publicKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

    @Test("publishes the public key of the RFC's example")
    func keySet() throws {
        let signer = try TokenSigner(seed: Self.seed)
        let document = try JSONReader.parse(signer.jwks)
        let key = try #require(document["keys"]?[0]?.object)
        let expected = [
            "kty": "OKP", "crv": "Ed25519", "kid": signer.keyId, "x": Self.publicKey, "alg": "EdDSA", "use": "sig",
        ]
        #expect(key.count == expected.count)
        for (name, value) in expected { #expect(key[name]?.string == value) }
        // The start of the SHA-256 of the 32 bytes, by sha256sum.
        #expect(signer.keyId == "21fe31dfa154a261")
    }

    @Test("signs claims that swift-crypto verifies and nobody can change")
    func signs() throws {
        let signer = try TokenSigner(seed: Self.seed)
        let (subject, session) = (UUIDv7.next(), UUIDv7.next())
        let now = Timestamp(seconds: 1_770_000_000)
        let token = try signer.sign(
            subject: subject, role: .customer, email: "ada@example.com", lifetime: .seconds(86_400), id: session,
            at: now)
        let parts = token.split(separator: ".")
        #expect(parts.count == 3)
        let headerBytes = try #require(Base64URL.decode(parts[0]))
        let claimBytes = try #require(Base64URL.decode(parts[1]))
        let header = try JSONReader.parse(headerBytes)
        #expect(header.description == #"{"alg":"EdDSA","typ":"JWT","kid":"\#(signer.keyId)"}"#)
        let claims = try #require(JSONReader.parse(claimBytes).object)
        #expect(claims["iss"] == "flotilla")
        #expect(claims["sub"]?.string == subject.text)
        #expect(claims["role"] == "customer")
        #expect(claims["email"] == "ada@example.com")
        #expect(claims["iat"]?.int64 == 1_770_000_000)
        #expect(claims["exp"]?.int64 == 1_770_086_400)
        #expect(claims["jti"]?.string == session.text)
        #expect(claims.count == 7)

        let publicKey = try #require(Base64URL.decode(Self.publicKey))
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        let signature = try #require(Base64URL.decode(parts[2]))
        #expect(key.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)))
        let edited = Base64URL.encode(
            JSONWriter.object { json in
                json.field("sub", subject)
                json.field("role", "staff")
            })
        #expect(!key.isValidSignature(signature, for: Array("\(parts[0]).\(edited)".utf8)))
    }

    @Test("leaves out the address where there is none")
    func staff() throws {
        let token = try TokenSigner(seed: Self.seed).sign(subject: UUIDv7.next(), role: .staff, lifetime: .seconds(60))
        let bytes = try #require(Base64URL.decode(token.split(separator: ".")[1]))
        let claims = try JSONReader.parse(bytes)
        #expect(claims["role"] == "staff")
        #expect(claims["email"] == nil)
    }

    @Test(
        "says what is wrong with a key and does not repeat it",
        arguments: [
            ("", "the signing key has 0 bytes; expected 32"),
            ("AAAA", "the signing key has 3 bytes; expected 32"),
            (seed + "AAAA", "the signing key has 35 bytes; expected 32"),
            (seed + "=", "the signing key is not base64url without padding"),
            ("not a key", "the signing key is not base64url without padding"),
        ])
    func malformed(seed: String, message: String) {
        let error = #expect(throws: TokenSignerError.self) { try TokenSigner(seed: seed) }
        #expect(error?.description == message)
    }

    @Test("reads the key from a file and names the file when it cannot")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(component: "flotilla-\(UUIDv7.next().text)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(component: "key").path
        let missing = #expect(throws: TokenSignerError.self) { try TokenSigner(seedFile: path) }
        #expect(missing?.description == "\(path): the file of the signing key is missing or cannot be read")
        for (contents, message) in [
            ("", "is empty"), (" \n", "is empty"), ("abc\n", "has 2 bytes"), (Self.seed + "\nx", "is not base64url"),
        ] {
            #expect(FileManager.default.createFile(atPath: path, contents: Data(contents.utf8)))
            let error = #expect(throws: TokenSignerError.self) { try TokenSigner(seedFile: path) }
            #expect(error?.description.hasPrefix("\(path): ") == true)
            #expect(error?.description.contains(message) == true)
        }
        #expect(FileManager.default.createFile(atPath: path, contents: Data("\(Self.seed)\n".utf8)))
        #expect(try TokenSigner(seedFile: path).jwks == TokenSigner(seed: Self.seed).jwks)
    }
}
