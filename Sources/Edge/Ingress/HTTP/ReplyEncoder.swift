import NATS
import NIOCore

/// Writes answers as HTTP/1.1 (RFC 9112): one buffer with head and body, so one write to the socket.
struct ReplyEncoder {
    /// What the answer depends on beside itself.
    struct Circumstances {
        var requestID: String
        /// Index of the allowed origin that asked.
        var origin: Int?
        var closes: Bool
        /// The answer to HEAD: the length is that of the body that GET would get.
        var omitsBody: Bool
    }

    private let statusLines: [[UInt8]]
    private let origins: [[UInt8]]

    /// What every answer carries. `Vary` because answers differ by the origin that asks.
    private static let constantLines: StaticString =
        "X-API-Version: v1\r\nX-Service-Name: api-gateway\r\nX-Content-Type-Options: nosniff\r\nVary: Origin\r\n"

    init(cors: CORSPolicy) {
        statusLines = (0..<600).map { Array("HTTP/1.1 \($0) \(StatusPhrase.text($0))\r\n".utf8) }
        origins = cors.renderedForReplies
    }

    func encode(_ reply: HTTPReply, _ circumstances: Circumstances, date: [UInt8], into buffer: inout ByteBuffer) {
        buffer.writeBytes(statusLines[reply.status])
        // RFC 9110, section 8.6: no length with 204, as there is no body at all.
        let hasBody = reply.status != 204
        if hasBody {
            if reply.body.count > 0 {
                buffer.writeStaticString("Content-Type: ")
                buffer.writeStaticString(reply.contentType.text)
                buffer.writeStaticString("\r\n")
            }
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(reply.body.count))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString(Self.constantLines)
        buffer.writeBytes(date)
        if let origin = circumstances.origin { buffer.writeBytes(origins[origin]) }
        buffer.writeStaticString("X-Request-Id: ")
        buffer.writeString(circumstances.requestID)
        for (name, value) in reply.headers {
            buffer.writeStaticString("\r\n")
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
        }
        buffer.writeStaticString(circumstances.closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
        guard hasBody, !circumstances.omitsBody else { return }
        switch reply.body {
        case .bytes(let bytes): buffer.writeBytes(bytes)
        case .message(let message): message.withBody { _ = buffer.writeBytes($0) }
        }
    }
}
