/// One URL of a server, taken apart.
///
/// libnats does not decode the escapes of user and password, and without a password it takes the user for a token.
struct ServerAddress {
    /// Without user and password.
    let url: String
    /// Who logs in by the URL: a user, a token, or nobody.
    let credentials: NATSConfiguration.Credentials

    /// - Throws: `.configuration`; the text itself is not shown, it may hold a password.
    init(_ text: String) throws(NATSError) {
        let bytes = Array(text.utf8)
        let start = Self.startOfAuthority(bytes)
        // The last one: a password may hold another that is not escaped.
        guard let at = bytes[start...].lastIndex(of: UInt8(ascii: "@")) else {
            url = text
            credentials = .none
            return
        }
        url = String(decoding: bytes[..<start] + bytes[(at + 1)...], as: UTF8.self)
        let login = bytes[start..<at]
        guard let colon = login.firstIndex(of: UInt8(ascii: ":")) else {
            let token = try Self.decoded(login, "token")
            credentials = token.isEmpty ? .none : .token(token)
            return
        }
        let user = try Self.decoded(login[..<colon], "user")
        guard !user.isEmpty else { throw NATSError(.configuration, "a NATS URL has a password and no user") }
        credentials = .user(user, password: try Self.decoded(login[(colon + 1)...], "password"))
    }

    private static func startOfAuthority(_ bytes: [UInt8]) -> Int {
        guard bytes.count > 2 else { return 0 }
        let mark = Array("://".utf8)
        return (0..<(bytes.count - 2)).first { bytes[$0..<($0 + 3)].elementsEqual(mark) }.map { $0 + 3 } ?? 0
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>, _ what: String) throws(NATSError) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                throw NATSError(.configuration, "the \(what) in a NATS URL has a malformed escape; write % as %25")
            }
            result.append(high << 4 | low)
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw NATSError(.configuration, "the \(what) in a NATS URL is not UTF-8")
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
