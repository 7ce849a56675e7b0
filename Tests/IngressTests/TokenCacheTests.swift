import Testing

@testable import Ingress

@Suite("the token cache")
struct TokenCacheTests {
    private func identity(_ name: String) -> Identity {
        Identity(role: .customer, actor: name, session: nil, expires: 1000)
    }

    @Test("a token is remembered until its time is over")
    func remembers() {
        var cache = TokenCache(capacity: 2)
        cache.store(identity("a"), of: "A", until: 100)
        #expect(cache.identity(of: "A", now: 99)?.actor == "a")
        #expect(cache.identity(of: "A", now: 100) == nil)
        #expect(cache.identity(of: "B", now: 0) == nil)
    }

    @Test("the least recently used token is dropped")
    func dropsOldest() {
        var cache = TokenCache(capacity: 3)
        for name in ["A", "B", "C"] { cache.store(identity(name), of: name, until: 100) }
        _ = cache.identity(of: "A", now: 0)
        cache.store(identity("D"), of: "D", until: 100)
        #expect(cache.identity(of: "B", now: 0) == nil)
        for name in ["A", "C", "D"] { #expect(cache.identity(of: name, now: 0)?.actor == name) }
        #expect(cache.count == 3)
    }

    @Test("storing a token again renews it")
    func renews() {
        var cache = TokenCache(capacity: 2)
        cache.store(identity("a"), of: "A", until: 10)
        cache.store(identity("b"), of: "B", until: 10)
        cache.store(identity("a2"), of: "A", until: 20)
        cache.store(identity("c"), of: "C", until: 20)
        #expect(cache.identity(of: "A", now: 15)?.actor == "a2")
        #expect(cache.identity(of: "B", now: 5) == nil)
        #expect(cache.count == 2)
    }

    @Test("it never holds more than its capacity", arguments: [1, 2, 7])
    func isBounded(_ capacity: Int) {
        var cache = TokenCache(capacity: capacity)
        for number in 0..<50 {
            cache.store(identity("\(number)"), of: "\(number % 20)", until: 100)
            _ = cache.identity(of: "\(number % 3)", now: 0)
            #expect(cache.count <= capacity)
        }
        #expect(cache.identity(of: "9", now: 0)?.actor == "49")
        cache.removeAll()
        #expect(cache.count == 0)
        cache.store(identity("x"), of: "X", until: 100)
        #expect(cache.identity(of: "X", now: 0)?.actor == "x")
    }

    @Test(
        "base64url has one spelling for each value",
        arguments: [
            ("", [] as [UInt8]?), ("AA", [0]), ("AB", nil), ("AAA", [0, 0]), ("AAB", nil), ("AAAA", [0, 0, 0]),
            ("_-8", [0xff, 0xef]), ("/+8", nil), ("AA==", nil), ("A", nil), ("AAAAA", nil), ("A A", nil), ("é", nil),
        ])
    func decodesBase64(_ text: String, _ bytes: [UInt8]?) {
        #expect(Base64URL.decode(text.utf8) == bytes)
    }
}
