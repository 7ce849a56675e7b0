/// Why bytes are no acceptable JSON document, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable {
        case malformed
        case invalidUTF8
        case duplicateName
        case tooDeep
        case tooLarge
    }

    public let code: Code
    /// What was expected and what was found; safe to show to the sender.
    public let message: String
    /// Bytes before the fault.
    public let offset: Int
    /// From 1.
    public let line: Int
    /// From 1, counted in bytes.
    public let column: Int

    init(_ code: Code, _ message: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        self.code = code
        self.message = message
        self.offset = offset
        self.line = line
        column = offset - lineStart + 1
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    public var description: String { "\(message) at byte \(offset) (line \(line), column \(column))" }
}
