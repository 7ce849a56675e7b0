import Testing

@testable import Ingress

@Suite("percent-decoding")
struct PercentDecodingTests {
    @Test(
        "valid escapes are decoded",
        arguments: [
            ("abc", "abc"), ("a%20b", "a b"), ("%41%5a", "AZ"), ("%c3%a9", "é"), ("%F0%9F%9A%80", "🚀"),
            ("a+b", "a+b"), ("%25%32%35", "%25"), ("", ""), ("%2e%2e%2f", "../"), ("%22%5C", "\"\\"),
        ])
    func decodes(_ text: String, _ expected: String) throws {
        #expect(try PercentDecoding.decode(Array(text.utf8)[...]) == Array(expected.utf8))
    }

    @Test("a plus is a space in a query")
    func plus() throws {
        #expect(try PercentDecoding.decode(Array("a+b%2Bc".utf8)[...], plusIsSpace: true) == Array("a b+c".utf8))
    }

    @Test(
        "what is malformed is refused",
        arguments: [
            ("%", PercentDecoding.Failure.escape), ("%4", .escape), ("%zz", .escape), ("a%", .escape), ("%-1", .escape),
            ("%%41", .escape), ("%00", .nul), ("a%00b", .nul), ("%c0%80", .notUTF8), ("%c0%ae", .notUTF8),
            ("%e0%80%af", .notUTF8), ("%ed%a0%80", .notUTF8), ("%ff", .notUTF8), ("%c3", .notUTF8),
            ("%f5%80%80%80", .notUTF8), ("\u{7f}", .character), ("é", .character), (" ", .character),
        ])
    func refuses(_ text: String, _ failure: PercentDecoding.Failure) {
        #expect(throws: failure) { try PercentDecoding.decode(Array(text.utf8)[...]) }
    }
}
