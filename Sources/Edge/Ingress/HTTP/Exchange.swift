import NIOCore
import NIOHTTP1

/// One request and its answer, as far as the connection is concerned.
struct Exchange {
    let method: HTTPMethod
    let target: String
    let requestID: String
    let started: NIODeadline
    /// Index of the allowed origin that asked.
    let origin: Int?
    let announcesBody: Bool
    let bodyBytes: Int?
    /// Whether the connection is closed after the answer.
    var closes: Bool
    /// The route's template, for logs.
    var route: String?

    /// The path without its query, for problem documents and logs.
    var path: String { String(target.prefix { $0 != "?" }) }
}
