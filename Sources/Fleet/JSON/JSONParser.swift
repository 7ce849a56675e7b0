/// One pass over the bytes of a document, by recursive descent.
struct JSONParser {
    /// Valid as long as `JSONReader.parse` runs; every read is guarded by `position < bytes.count`.
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    var position = 0
    private var depth = 0

    init(bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw error(.tooLarge, "the document is larger than \(limits.bytes) bytes", at: limits.bytes)
        }
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw error(.malformed, "a byte order mark is not allowed", at: 0)
        }
        skipSpace()
        let result = try value()
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end of the document") }
        return result
    }

    /// 0 at the end; a zero byte is an error everywhere, so that the two need no telling apart here.
    @inline(__always)
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default: throw unexpected("a value")
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> [JSONValue] {
        try enter()
        defer { depth -= 1 }
        if current == UInt8(ascii: "]") {
            position += 1
            return []
        }
        var elements: [JSONValue] = []
        elements.reserveCapacity(4)
        while true {
            elements.append(try value())
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "]"):
                position += 1
                return elements
            default: throw unexpected("',' or ']'")
            }
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONObject {
        try enter()
        defer { depth -= 1 }
        if current == UInt8(ascii: "}") {
            position += 1
            return JSONObject()
        }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(8)
        var names = DistinctNames()
        while true {
            guard current == UInt8(ascii: "\"") else { throw unexpected("a member name in double quotes") }
            let start = position
            let name = try string()
            guard names.insert(name, after: members) else {
                throw error(.duplicateName, "the member name \(name.echo) appears twice in one object", at: start)
            }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw unexpected("':'") }
            position += 1
            skipSpace()
            members.append(.init(name: name, value: try value()))
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "}"):
                position += 1
                return JSONObject(members)
            default: throw unexpected("',' or '}'")
            }
        }
    }

    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= limits.depth else {
            throw error(.tooDeep, "arrays and objects are nested deeper than \(limits.depth) levels", at: position)
        }
        position += 1
        skipSpace()
    }

    private mutating func literal(_ word: StaticString) throws(JSONSyntaxError) {
        let start = position
        for offset in 0..<word.utf8CodeUnitCount {
            guard start + offset < bytes.count, bytes[start + offset] == word.utf8Start[offset] else {
                throw unexpected("\(word)")
            }
        }
        position += word.utf8CodeUnitCount
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        switch NumberGrammar.scan(bytes, from: start) {
        case .number(let end):
            guard end - start <= limits.numberBytes else {
                throw error(.tooLarge, "the number is longer than \(limits.numberBytes) characters", at: start)
            }
            position = end
            return JSONNumber(unchecked: String(decoding: bytes[start..<end], as: UTF8.self))
        case .digitExpected(let at):
            position = at
            throw unexpected("a digit")
        case .leadingZero(let at):
            throw error(.malformed, "a number must not have leading zeros", at: at - 1)
        }
    }
}
