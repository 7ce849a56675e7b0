import Testing

@testable import Users

@Suite("bcrypt")
struct BcryptTests {
    /// From the test suites of crypt_blowfish and jBCrypt.
    static let vectors = [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        (
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"
        ),
        ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"),
        ("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"),
    ]

    @Test("agrees with published vectors, and with them alone", arguments: vectors)
    func vector(password: String, hash: String) {
        #expect(Bcrypt.verify(password, against: hash))
        #expect(!Bcrypt.verify(password + "x", against: hash))
        #expect(!Bcrypt.verify(password, against: String(hash.dropLast()) + "."))
    }

    @Test("salts each hash anew and marks it as 2b with its cost")
    func hashes() throws {
        let password = "geheimnis-åäö-🔑"
        let hashes = try (0..<2).map { _ in try Bcrypt.hash(password, cost: 4) }
        #expect(hashes[0] != hashes[1])
        for hash in hashes {
            #expect(hash.hasPrefix("$2b$04$"))
            #expect(hash.utf8.count == 60)
            #expect(Bcrypt.cost(of: hash) == 4)
            #expect(Bcrypt.verify(password, against: hash))
            #expect(!Bcrypt.verify("geheimnis-åäö-🗝", against: hash))
        }
    }

    @Test("takes 72 bytes and refuses what it would have to cut", arguments: [0, 73, 100, 600])
    func length(count: Int) throws {
        #expect(throws: BcryptError.self) { try Bcrypt.hash(String(repeating: "a", count: count), cost: 4) }
        let longest = String(repeating: "a", count: 72)
        let hash = try Bcrypt.hash(longest, cost: 4)
        #expect(Bcrypt.verify(longest, against: hash))
        #expect(!Bcrypt.verify(longest + "b", against: hash))
    }

    @Test("refuses NUL, which would end the password early")
    func nul() throws {
        #expect(throws: BcryptError.self) { try Bcrypt.hash("secret\0rest", cost: 4) }
        let hash = try Bcrypt.hash("secret", cost: 4)
        #expect(!Bcrypt.verify("secret\0rest", against: hash))
    }

    @Test("refuses costs that it does not know", arguments: [-1, 0, 3, 32])
    func costs(cost: Int) {
        #expect(throws: BcryptError.self) { try Bcrypt.hash("password", cost: cost) }
    }

    @Test(
        "takes no password for what is no hash", arguments: ["", "*0", "*1", "plain", "$2b$", "$2b$99$aaaa", "$9$x$y"])
    func malformed(hash: String) {
        #expect(!Bcrypt.verify("password", against: hash))
        #expect(!Bcrypt.verify(hash, against: hash))
        #expect(Bcrypt.cost(of: hash) == nil)
    }

    @Test("makes a hash for nobody, at the cost of the others")
    func unmatchable() throws {
        let hash = try Bcrypt.unmatchable(cost: 5)
        #expect(Bcrypt.cost(of: hash) == 5)
        #expect(!Bcrypt.verify("password", against: hash))
        #expect(!Bcrypt.verify(hash, against: hash))
        #expect(!Bcrypt.verify("", against: hash))
    }
}
