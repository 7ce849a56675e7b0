/// The target of a request line taken apart: ranges of its bytes, so that nothing is copied before a route is known.
struct RequestTarget {
    let bytes: [UInt8]
    let path: Range<Int>
    /// Without the question mark; nil when there is none.
    let query: Range<Int>?

    /// The path, for problem documents and logs.
    var pathText: String { String(decoding: bytes[path], as: UTF8.self) }

    /// Takes the origin form, and the absolute form that proxies may send (RFC 9112, section 3.2).
    init(_ target: String, maxPathBytes: Int, maxTargetBytes: Int) throws(Refusal) {
        bytes = Array(target.utf8)
        guard bytes.count <= maxTargetBytes else { throw .pathTooLong }
        var start = 0
        if bytes.first != slash {
            guard let path = Self.startOfPath(inAbsolute: bytes) else {
                throw .invalidTarget("The target of the request must be a path that begins with a slash.")
            }
            start = path
        }
        for byte in bytes where byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: "#") {
            throw .invalidTarget("The path or query has a character that must be percent-encoded.")
        }
        let question = bytes[start...].firstIndex(of: UInt8(ascii: "?"))
        path = start..<(question ?? bytes.count)
        query = if let question { (question + 1)..<bytes.count } else { nil }
        guard path.count <= maxPathBytes else { throw .pathTooLong }
    }

    private static func startOfPath(inAbsolute bytes: [UInt8]) -> Int? {
        let text = String(decoding: bytes.prefix(8), as: UTF8.self).lowercased()
        let scheme = text.hasPrefix("http://") ? 7 : text == "https://" ? 8 : 0
        return scheme == 0 ? nil : bytes[scheme...].firstIndex(of: slash)
    }
}

private let slash = UInt8(ascii: "/")
