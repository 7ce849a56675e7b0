/// One thing that is wrong with a request.
public struct FieldError: Sendable, Hashable {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole document.
    public let pointer: String
    /// What was expected and what was found; safe to show and to log.
    public let message: String

    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }
}

extension FieldError: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("pointer", pointer)
            $0.field("message", message)
        }
    }
}

extension FieldError: CustomStringConvertible {
    public var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}
