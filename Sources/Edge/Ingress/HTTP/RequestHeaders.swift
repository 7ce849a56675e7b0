import NIOHTTP1

/// The header fields that the ingress acts on, picked in one pass; all others are dropped.
struct RequestHeaders {
    var authorization: String?
    var contentType: String?
    var contentLength: Int?
    var idempotencyKey: String?
    var traceparent: String?
    var requestID: String?
    var origin: String?
    var userAgent: String?
    var preflightMethod: String?
    var expectsContinue = false
    var isChunked = false
    var asksUpgrade = false
    var hosts = 0
    /// A field that may come once and came twice.
    var repeated: StaticString?
    /// The value of `Expect` is none that is known.
    var hasUnknownExpectation = false

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            // Names differ in length mostly: one comparison at most for each field.
            switch name.utf8.count {
            case 4 where Self.equal(name, "host"): hosts += 1
            case 6 where Self.equal(name, "origin"): if Self.set(&origin, value) { repeated = "Origin" }
            case 6 where Self.equal(name, "expect"):
                if Self.equal(value, "100-continue") { expectsContinue = true } else { hasUnknownExpectation = true }
            case 7 where Self.equal(name, "upgrade"): asksUpgrade = true
            case 10 where Self.equal(name, "user-agent"): userAgent = value
            case 11 where Self.equal(name, "traceparent"):
                // Two of them are none: a trace is never a reason to refuse a request.
                traceparent = traceparent == nil ? value : ""
            case 12 where Self.equal(name, "content-type"):
                if Self.set(&contentType, value) { repeated = "Content-Type" }
            case 12 where Self.equal(name, "x-request-id"): requestID = requestID == nil ? value : ""
            case 13 where Self.equal(name, "authorization"):
                if Self.set(&authorization, value) { repeated = "Authorization" }
            case 14 where Self.equal(name, "content-length"): contentLength = Int(value)
            case 15 where Self.equal(name, "idempotency-key"):
                if Self.set(&idempotencyKey, value) { repeated = "Idempotency-Key" }
            case 17 where Self.equal(name, "transfer-encoding"): isChunked = true
            case 29 where Self.equal(name, "access-control-request-method"): preflightMethod = value
            default: break
            }
        }
    }

    /// - Returns: whether the field was there already.
    private static func set(_ field: inout String?, _ value: String) -> Bool {
        let isRepeated = field != nil
        field = value
        return isRepeated
    }

    /// Whether a body was announced.
    var announcesBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Whether the body is announced as JSON, in UTF-8 if it names an encoding (RFC 8259, section 8.1).
    var announcesJSON: Bool {
        guard let contentType else { return false }
        // What nearly every client sends.
        if contentType == "application/json" { return true }
        let parts = contentType.utf8.split(separator: UInt8(ascii: ";")).map(Self.trimmed)
        guard let first = parts.first, Self.equal(first, "application/json") else { return false }
        return parts.dropFirst().allSatisfy { parameter in
            !parameter.lowercased().hasPrefix("charset=")
                || ["charset=utf-8", "charset=\"utf-8\""].contains(parameter.lowercased())
        }
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09]
        let start = text.drop { blanks.contains($0) }
        let end = start.lastIndex { !blanks.contains($0) }.map { start.index(after: $0) } ?? start.startIndex
        return String(Substring(start[..<end]))
    }

    /// Equality that ignores the case of ASCII letters; `lowercase` is lowercase.
    static func equal(_ text: String, _ lowercase: StaticString) -> Bool {
        let utf8 = text.utf8
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { expected in
            var index = 0
            for byte in utf8 {
                let folded = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
                if folded != expected[index] { return false }
                index += 1
            }
            return true
        }
    }
}
