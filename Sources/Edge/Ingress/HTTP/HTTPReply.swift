import NATS

/// An answer before it is bytes: the connection adds what every answer carries.
struct HTTPReply: Sendable {
    enum ContentType: Sendable {
        case json, problem, health, keys, page
    }

    var status: Int
    var contentType = ContentType.json
    /// Written as they are: only values of this module's own making, or checked ones.
    var headers: [(String, String)] = []
    var body = Body.bytes([])

    enum Body: Sendable {
        case bytes([UInt8])
        /// A worker's, copied once, into what is written to the socket.
        case message(NATSMessage)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .message(let message): message.count
            }
        }
    }
}

extension HTTPReply.ContentType {
    var text: StaticString {
        switch self {
        case .json: "application/json"
        case .problem: "application/problem+json"
        case .health: "application/health+json"
        case .keys: "application/jwk-set+json"
        case .page: "text/html; charset=utf-8"
        }
    }
}
