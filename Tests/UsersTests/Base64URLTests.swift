import Testing

@testable import Users

@Suite("Base64 for URLs")
struct Base64URLTests {
    /// RFC 4648, section 10, without padding, and the two characters that differ from plain base64.
    static let pairs: [([UInt8], String)] = [
        ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"), (Array("foobar".utf8), "Zm9vYmFy"),
        ([0xFB, 0xFF, 0xFE], "-__-"),
    ]

    @Test("agrees with the RFC both ways", arguments: pairs)
    func both(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(
        "has one spelling for each value", arguments: ["Z", "Zh", "Zm9", "Zg==", "Zg\n", " Zg", "Zg+/", "Zm9vZ", "Zé"])
    func strict(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
