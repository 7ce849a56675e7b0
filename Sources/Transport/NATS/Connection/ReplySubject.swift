import Glibc

/// The reply subjects of one connection, `<prefix>.<random>.<token>`: written and read in place, without a string.
///
/// It lives and dies with the reactor's connection.
final class ReplySubject {
    /// `<prefix>.<random>`, subscribed to with `.*` behind it.
    let inbox: String
    private let buffer: UnsafeMutablePointer<CChar>
    private let prefixLength: Int

    private static let tokenLength = 8
    private static let digits: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
    private static let values: [Int8] = {
        var values = [Int8](repeating: -1, count: 256)
        for index in 0..<64 { values[Int(digits.utf8Start[index])] = Int8(index) }
        return values
    }()

    init(inbox: String) {
        self.inbox = inbox
        prefixLength = inbox.utf8.count + 1
        buffer = .allocate(capacity: prefixLength + Self.tokenLength + 1)
        for (index, byte) in (inbox + ".").utf8.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        buffer[prefixLength + Self.tokenLength] = 0
    }

    deinit { buffer.deallocate() }

    /// The reply subject of a request, valid until the next call.
    func subject(for identifier: RequestTable.Identifier) -> UnsafePointer<CChar> {
        var rest = identifier
        for index in 0..<Self.tokenLength {
            buffer[prefixLength + index] = CChar(bitPattern: Self.digits.utf8Start[Int(rest & 63)])
            rest >>= 6
        }
        return UnsafePointer(buffer)
    }

    /// The request that `subject` answers; nil when it is no reply subject of this connection.
    func identifier(in subject: UnsafePointer<CChar>) -> RequestTable.Identifier? {
        guard strncmp(subject, buffer, prefixLength) == 0 else { return nil }
        var identifier: RequestTable.Identifier = 0
        for index in 0..<Self.tokenLength {
            let value = Self.values[Int(UInt8(bitPattern: subject[prefixLength + index]))]
            guard value >= 0 else { return nil }
            identifier |= UInt64(value) << UInt64(6 * index)
        }
        return subject[prefixLength + Self.tokenLength] == 0 ? identifier : nil
    }

    /// 22 random letters and digits: as hard to guess as a UUID.
    static func randomToken() -> String {
        var random = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<22).map { _ in digits.utf8Start[Int.random(in: 0..<36, using: &random)] }, as: UTF8.self)
    }
}
