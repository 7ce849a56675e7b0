/// A form-encoded body or query with nested keys: `a=1&metadata[k]=v&expand[]=x`.
enum FormValue: Sendable, Equatable {
    case text(String)
    case map([String: FormValue])

    static let pairLimit = 1_000
    static let depthLimit = 8

    /// Pairs in the order of their arrival, percent-decoded.
    static func pairs(_ text: some StringProtocol) throws(APIFailure) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for item in text.utf8.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < pairLimit else { throw malformed("has too many parameters") }
            let equals = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            let tail = equals == item.endIndex ? item[equals...] : item[item.index(after: equals)...]
            guard let key = decode(Array(item[..<equals])), let value = decode(Array(tail)) else {
                throw malformed("is not valid percent-encoded UTF-8")
            }
            pairs.append((key, value))
        }
        return pairs
    }

    /// Builds the tree. Of two values under one key the later counts.
    static func tree(_ pairs: [(key: String, value: String)]) throws(APIFailure) -> [String: FormValue] {
        var root: [String: FormValue] = [:]
        for pair in pairs {
            let path = try path(pair.key)
            try insert(pair.value, at: path[...], into: &root)
        }
        return root
    }

    /// `a[b][]` -> `a`, `b`, ``.
    private static func path(_ key: String) throws(APIFailure) -> [String] {
        guard let bracket = key.firstIndex(of: "["), bracket != key.startIndex, key.last == "]" else { return [key] }
        let inner = key[key.index(after: bracket)...].dropLast()
        let path =
            [String(key[..<bracket])] + inner.split(separator: "][", omittingEmptySubsequences: false).map(String.init)
        guard path.count <= depthLimit else { throw malformed("nests its keys too deeply") }
        return path
    }

    private static func insert(
        _ value: String, at path: ArraySlice<String>, into map: inout [String: FormValue]
    ) throws(APIFailure) {
        guard let first = path.first else { return }
        // An empty bracket appends; the count makes a key that keeps the order.
        let key = first.isEmpty && path.startIndex > 0 ? String(map.count) : first
        guard path.count > 1 else {
            map[key] = .text(value)
            return
        }
        var inner: [String: FormValue] = [:]
        switch map[key] {
        case .map(let existing): inner = existing
        case .text(let text) where !text.isEmpty: throw malformed("uses \(key) as a value and as an object")
        case .text, nil: break
        }
        try insert(value, at: path.dropFirst(), into: &inner)
        map[key] = .map(inner)
    }

    /// Percent-decodes; a plus sign is a blank.
    static func decode(_ bytes: [UInt8], plusIsBlank: Bool = true) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "+") where plusIsBlank: result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.count, let high = hex(bytes[index + 1]), let low = hex(bytes[index + 2])
                else { return nil }
                result.append(high << 4 | low)
                index += 2
            case let byte: result.append(byte)
            }
            index += 1
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func hex(_ digit: UInt8) -> UInt8? {
        Character(UnicodeScalar(digit)).hexDigitValue.map { UInt8($0) }
    }

    private static func malformed(_ what: String) -> APIFailure {
        APIFailure(message: "Invalid request: the body or query \(what).")
    }
}
