import JSON
import Testing

@testable import Users

@Suite("What a registration takes")
struct RequestTests {
    private func errors(_ changes: [String: JSONValue]) throws -> [String] {
        var object = JSONObject([
            .init(name: "email", value: "Ada@Example.com"), .init(name: "password", value: "correct horse"),
            .init(name: "firstName", value: "Ada"), .init(name: "lastName", value: "Lovelace"),
        ])
        for (name, value) in changes { object[name] = value }
        do {
            let request = try Fields.read(.object(object)) { Registration(&$0) }
            #expect(request.email == request.email.lowercased())
            return []
        } catch {
            return error.errors.map { "\($0.pointer) \($0.message)" }
        }
    }

    static let passwords: [(String, Bool)] = [
        ("1234567", false), ("12345678", true), (String(repeating: "a", count: 72), true),
        (String(repeating: "a", count: 73), false),
        // Bytes count: 24 of three bytes each are 72.
        (String(repeating: "€", count: 24), true), (String(repeating: "€", count: 25), false), ("ααα", false),
        ("αααα", true), ("with\u{0}nul-inside", false), ("with\nline break", false), ("with\u{7F}delete", false),
        ("with spaces is fine", true), ("🔑🔑", true),
    ]

    @Test("a password has 8 to 72 bytes and no control characters, and no message repeats it", arguments: passwords)
    func password(password: String, isTaken: Bool) throws {
        let errors = try errors(["password": .string(password)])
        #expect(errors.isEmpty == isTaken, "\(errors)")
        #expect(errors.allSatisfy { $0.hasPrefix("/password ") && !$0.contains(password) })
    }

    static let names: [(String, Bool)] = [
        ("A", true), (String(repeating: "x", count: 100), true), (String(repeating: "x", count: 101), false),
        ("", false),
        (" ", false), ("\u{A0}\u{2003}", false), ("Ada\r\nBcc: eve@example.com", false), ("Ada\u{0}", false),
        ("Ada\u{2028}X", false), ("Ada\u{85}X", false), ("O'Brien-Łukasiewicz", true), ("李", true),
        ("\u{1F469}\u{200D}\u{1F52C}", true),
    ]

    @Test("a name has 1 to 100 characters on one line and is not blank", arguments: names)
    func name(name: String, isTaken: Bool) throws {
        for field in ["firstName", "lastName"] {
            let errors = try errors([field: .string(name)])
            #expect(errors.isEmpty == isTaken, "\(errors)")
            #expect(errors.allSatisfy { $0.hasPrefix("/\(field) ") })
        }
    }

    static let emails: [(String, Bool)] = [
        ("ada@example.com", true), ("ADA+tag@Mail.Example.COM", true), ("ada", false), ("ada@", false),
        ("@example.com", false),
        ("ada@example", false), ("ada@example.c", false), ("ada lovelace@example.com", false),
        ("ada@exa mple.com", false),
        ("ada@example.com\r\nBcc: eve@example.com", false), ("ada@example.com\u{0}", false),
        ("ada@@example.com", false),
        ("ädä@example.com", false), ("<ada@example.com>", false), ("ada@example.com,eve@example.com", false),
        (String(repeating: "a", count: 244) + "@example.com", false),
        (String(repeating: "a", count: 243) + "@example.com", true),
    ]

    @Test("an address is one address", arguments: emails)
    func email(email: String, isTaken: Bool) throws {
        #expect(try errors(["email": .string(email)]).isEmpty == isTaken)
    }

    @Test("all faults are named at once")
    func all() throws {
        let errors = try errors(["email": .null, "password": "short", "firstName": .bool(true), "role": "staff"])
        #expect(errors.map { $0.prefix { $0 != " " } }.sorted() == ["/email", "/firstName", "/password", "/role"])
    }

    @Test("a login takes any password that could exist")
    func login() throws {
        for (password, isTaken) in [
            ("x", true), (String(repeating: "a", count: 72), true), ("", false),
            (String(repeating: "a", count: 73), false),
        ] {
            let document = JSONValue.object(
                JSONObject([.init(name: "email", value: "a@b.cd"), .init(name: "password", value: .string(password))]))
            let login = try? Fields.read(document) { Login(&$0) }
            #expect((login != nil) == isTaken)
        }
    }
}
