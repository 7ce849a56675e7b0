/// Headers of a message to be sent, in order; a name may occur more than once.
///
/// They are checked when the message is sent: libnats writes names and values as they are, a line break in one injects a
/// header, and its parser lets an empty value swallow the next header (measured on 3.4.1).
public struct NATSHeaders: Sendable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, RandomAccessCollection {
    public typealias Element = (name: String, value: String)

    private var fields: [Element]

    public init() { fields = [] }
    public init(arrayLiteral elements: Element...) { fields = elements }
    public init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }
    public init(_ fields: some Sequence<Element>) { self.fields = Array(fields) }

    public mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }
    public mutating func append(contentsOf other: NATSHeaders) { fields.append(contentsOf: other.fields) }

    /// The first value under exactly this name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    public var startIndex: Int { fields.startIndex }
    public var endIndex: Int { fields.endIndex }
    public subscript(position: Int) -> Element { fields[position] }

    /// Whether `name` can be sent: letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110 tokens), at most 128 bytes.
    public static func isValidName(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            !bytes.isEmpty && bytes.count <= 128 && bytes.allSatisfy(isTokenCharacter)
        }
    }

    /// Whether `value` can be sent and arrives as it is: not empty, no control characters, no space at either end.
    public static func isValidValue(_ value: String) -> Bool {
        var value = value
        return value.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20 else { return false }
            return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
    }

    func check() throws(NATSError) {
        for field in fields {
            guard Self.isValidName(field.name) else {
                throw NATSError(.invalidHeader, "\(field.name.debugDescription.prefix(80)) is no valid header name")
            }
            guard Self.isValidValue(field.value) else {
                throw NATSError(
                    .invalidHeader,
                    "header \(field.name) cannot carry \(field.value.debugDescription.prefix(80)): empty, a control character, or a space at an end"
                )
            }
        }
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
