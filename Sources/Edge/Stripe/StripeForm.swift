/// The body of a request to Stripe: `application/x-www-form-urlencoded`, nested keys in brackets.
///
/// Only RFC 3986 unreserved characters stay as they are, so that no value can end a field or open a bracket.
struct StripeForm: Sendable {
    private(set) var text = ""

    var isEmpty: Bool { text.isEmpty }

    mutating func set(_ key: String, _ value: String?) {
        guard let value else { return }
        append(Self.escaped(key), value)
    }

    mutating func set(_ key: String, _ value: Int64?) {
        set(key, value.map { String($0) })
    }

    mutating func set(_ key: String, _ value: Bool?) {
        set(key, value.map { $0 ? "true" : "false" })
    }

    /// Writes `key[name]=value` for each pair, in the order of the names so that the same map gives the same bytes.
    mutating func set(_ key: String, _ map: [String: String]) {
        for (name, value) in map.sorted(by: { $0.key < $1.key }) {
            append("\(Self.escaped(key))[\(Self.escaped(name))]", value)
        }
    }

    /// Writes `key[]=value` for each element.
    mutating func set(_ key: String, _ list: [String]) {
        for value in list { append("\(Self.escaped(key))[]", value) }
    }

    private mutating func append(_ escapedKey: String, _ value: String) {
        if !text.isEmpty { text += "&" }
        text += escapedKey
        text += "="
        text += Self.escaped(value)
    }

    /// Percent-encodes the UTF-8 bytes of `text`.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
