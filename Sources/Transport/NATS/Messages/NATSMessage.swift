import CNats
import Glibc

/// A received message. Its texts are made when asked for: keep them rather than asking twice.
///
/// `@unchecked Sendable`: it owns the C message, nothing changes it after `init`, and freeing it is the last use.
public final class NATSMessage: @unchecked Sendable {
    private let message: OpaquePointer
    private let bytes: UnsafeRawBufferPointer
    private let block: UnsafeRawBufferPointer
    /// Headers that libnats had to read for us because the message is not laid out as expected; nil otherwise.
    private let foreignFields: [(name: String, value: String)]?

    /// Takes the message over.
    init(owning message: OpaquePointer) {
        self.message = message
        let count = Int(natsMsg_GetDataLength(message))
        // One block of memory: subject, reply, headers, each with a NUL behind it, then the body (3.4 to 3.13).
        let lastText = natsMsg_GetReply(message) ?? natsMsg_GetSubject(message)
        let data = natsMsg_GetData(message)
        guard let lastText, let data else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            block = bytes
            foreignFields = nil
            return
        }
        bytes = UnsafeRawBufferPointer(start: data, count: count)
        let start = UnsafeRawPointer(lastText) + strlen(lastText) + 1
        let distance = UnsafeRawPointer(data) - start
        let candidate = UnsafeRawBufferPointer(start: start, count: max(0, distance - 1))
        if distance == 0 {
            block = UnsafeRawBufferPointer(start: nil, count: 0)
            foreignFields = nil
        } else if distance > 0, HeaderBlock(candidate) != nil {
            block = candidate
            foreignFields = nil
        } else {
            block = UnsafeRawBufferPointer(start: nil, count: 0)
            foreignFields = Self.readByLibrary(message)
        }
    }

    deinit { flotilla_nats_free_message(message) }

    public var subject: String { natsMsg_GetSubject(message).map { String(cString: $0) } ?? "" }

    /// Where an answer goes; nil when none is wanted.
    public var reply: String? { natsMsg_GetReply(message).map { String(cString: $0) } }

    public var wantsReply: Bool { natsMsg_GetReply(message) != nil }

    /// Whether the answer goes to an inbox: a subject whose first token is `_INBOX` or begins with `_INBOX_`.
    public var repliesToInbox: Bool {
        guard let reply = natsMsg_GetReply(message), strncmp(reply, "_INBOX", 6) == 0 else { return false }
        return reply[6] == CChar(UInt8(ascii: ".")) || reply[6] == CChar(UInt8(ascii: "_"))
    }

    /// Bytes of the body.
    public var count: Int { bytes.count }

    /// A copy of the body.
    public var body: [UInt8] { Array(bytes) }

    /// The body in place, valid inside `body` only.
    public func withBody<T, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    /// The first header of exactly this name, without spaces around it; may be empty when the sender sent it so.
    public func header(_ name: String) -> String? {
        defer { withExtendedLifetime(self) {} }
        if let foreignFields { return foreignFields.first { $0.name == name }?.value }
        return HeaderBlock(block)?.value(of: name)
    }

    /// All headers in the order sent.
    public var headers: [(name: String, value: String)] {
        defer { withExtendedLifetime(self) {} }
        return foreignFields ?? HeaderBlock(block)?.fields ?? []
    }

    public var hasHeaders: Bool { !block.isEmpty || foreignFields != nil }

    /// Status of a message that the server itself made (503 no responders, 404, 408, 409, 100); nil for all others.
    package var status: Int? {
        defer { withExtendedLifetime(self) {} }
        if block.isEmpty { return foreignFields.flatMap { $0.first { $0.name == "Status" }.flatMap { Int($0.value) } } }
        return HeaderBlock(block)?.status
    }

    package var statusDescription: String? {
        defer { withExtendedLifetime(self) {} }
        return HeaderBlock(block)?.statusDescription ?? foreignFields?.first { $0.name == "Description" }?.value
    }

    /// The reply subject where libnats keeps it, for an answer without a copy.
    var replyPointer: UnsafePointer<CChar>? { natsMsg_GetReply(message) }
    var subjectPointer: UnsafePointer<CChar>? { natsMsg_GetSubject(message) }

    private static func readByLibrary(_ message: OpaquePointer) -> [(name: String, value: String)] {
        var keys: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var count: Int32 = 0
        guard natsMsgHeader_Keys(message, &keys, &count) == NATS_OK, let keys else { return [] }
        defer { free(keys) }
        return (0..<Int(count)).compactMap { index in
            var value: UnsafePointer<CChar>?
            guard let key = keys[index], natsMsgHeader_Get(message, key, &value) == NATS_OK, let value else {
                return nil
            }
            return (String(cString: key), String(cString: value))
        }
    }
}
