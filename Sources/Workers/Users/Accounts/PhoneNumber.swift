import Worker

/// A phone number as E.164 writes it: `+`, then 7 to 15 digits, the first not zero.
struct PhoneNumber: FieldRule {
    var placeholder: String { "" }
    var expectation: String { "a phone number such as +4930123456" }

    func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .string(let text) = value, text.utf8.first == UInt8(ascii: "+") else { return .refused }
        let digits = text.utf8.dropFirst()
        guard (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return .refused }
        return .accepted(text)
    }
}
