import Contracts
import NIOCore
import NIOHTTP1
import Telemetry

/// What becomes of a request whose header has come.
enum Admission {
    /// It is answered here.
    case reply(HTTPReply)
    /// A worker answers it once its body has come.
    case forward(Errand)
}

/// A request that is to be forwarded, while its body comes.
struct Errand {
    let route: Route
    /// Path and query parameters as a JSON object.
    let parameters: [UInt8]
    /// Nil when the token names a key that is not known: the keys are fetched once before it is refused.
    var actor: Gateway.Actor?
    let authorization: String?
    var mayAskForKeys = true
    let traceparent: String
    let idempotencyKey: String?
    /// Headers that the contract passes on.
    let forwarded: [(name: String, value: String)]
    /// Where the client is and what it calls itself, if the contract asks for it.
    let visitor: Visitor?
}

extension Gateway {
    static let prefix = Array("/api/v1".utf8)

    func exchange(for head: HTTPRequestHead, _ headers: RequestHeaders) -> Exchange {
        Exchange(
            method: head.method, target: head.uri, requestID: requestID(headers.requestID), started: .now(),
            origin: headers.origin.flatMap(configuration.cors.index(of:)), announcesBody: headers.announcesBody,
            bodyBytes: headers.isChunked ? nil : headers.contentLength ?? 0,
            // The decoder stops after what it takes for an upgrade or a tunnel, so nothing may follow.
            closes: !head.isKeepAlive || head.version != .http1_1 || headers.asksUpgrade || head.method == .CONNECT)
    }

    /// For the answer to bytes that were no request.
    func unreadableExchange() -> Exchange {
        Exchange(
            method: .GET, target: "", requestID: random.requestID(), started: .now(), origin: nil,
            announcesBody: false, bodyBytes: 0, closes: true)
    }

    private func requestID(_ incoming: String?) -> String {
        guard let incoming, (1...64).contains(incoming.utf8.count),
            incoming.utf8.allSatisfy(Self.isRequestIDCharacter)
        else { return random.requestID() }
        return incoming
    }

    private static func isRequestIDCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Decides on a request by its header alone.
    func admit(
        _ head: HTTPRequestHead, _ headers: RequestHeaders, _ exchange: inout Exchange
    ) throws(Refusal) -> Admission {
        // RFC 9112, sections 3.2 and 6.1: both are how requests are smuggled past a proxy.
        if head.version == .http1_1, headers.hosts != 1 {
            throw .malformed("A request must have exactly one Host header.")
        }
        if headers.isChunked, headers.contentLength != nil {
            throw .malformed("A request must not have both Content-Length and Transfer-Encoding.")
        }
        if let name = headers.repeated { throw .repeatedHeader(name) }
        if headers.hasUnknownExpectation { throw .unknownExpectation }
        let target = try RequestTarget(
            head.uri, maxPathBytes: configuration.maxPathBytes, maxTargetBytes: configuration.maxTargetBytes)
        guard target.bytes[target.path].starts(with: Self.prefix) else {
            return .reply(try ownReply(head.method.rawValue, target, headers, &exchange))
        }
        let path = (target.path.lowerBound + Self.prefix.count)..<target.path.upperBound
        switch routes.match(head.method.rawValue, target.bytes, path) {
        case .none:
            throw .notFound(path: target.pathText)
        case .route(let route, let ranges):
            exchange.route = route.template
            return .forward(try errand(route, target, ranges, head.headers, headers))
        case .otherMethods(let allow):
            guard head.method == .OPTIONS else { throw .methodNotAllowed(head.method.rawValue, allow: allow) }
            return .reply(options(allow: allow, headers))
        }
    }

    private func errand(
        _ route: Route, _ target: RequestTarget, _ ranges: [Range<Int>], _ fields: HTTPHeaders,
        _ headers: RequestHeaders
    ) throws(Refusal) -> Errand {
        let actor = try actor(for: route, authorization: headers.authorization, mayAskForKeys: true)
        let key = try idempotencyKey(headers.idempotencyKey, route)
        if let length = headers.contentLength, length > route.bodyLimit { throw .bodyTooLarge(limit: route.bodyLimit) }
        if headers.announcesBody, !route.rawBody, !route.ignoresBody, !headers.announcesJSON {
            throw .unsupportedMediaType
        }
        return Errand(
            route: route, parameters: try route.parameters(of: target, path: ranges), actor: actor,
            authorization: actor == nil ? headers.authorization : nil,
            traceparent: TraceParent.continued(headers.traceparent, random: &random), idempotencyKey: key,
            forwarded: try forwarded(route, fields),
            visitor: route.callerDetails
                ? Visitor(headers, proxies: configuration.proxies, forwardedFor: fields["x-forwarded-for"]) : nil)
    }

    private func idempotencyKey(_ header: String?, _ route: Route) throws(Refusal) -> String? {
        guard route.idempotency != .none else { return nil }
        guard let header else {
            if route.idempotency == .required { throw Refusal(.idempotencyKeyMissing) }
            return nil
        }
        guard let key = IdempotencyKey.parse(header: header) else { throw Refusal(.idempotencyKeyMalformed) }
        return key
    }

    /// White space around a field's value is no part of it (RFC 9110, section 5.5), and NIO leaves some.
    private static func trimmed(_ value: String) -> String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let start = value.drop(while: isBlank)
        return String(start[..<(start.lastIndex { !isBlank($0) }.map { start.index(after: $0) } ?? start.startIndex)])
    }

    private func forwarded(_ route: Route, _ fields: HTTPHeaders) throws(Refusal) -> [(name: String, value: String)] {
        guard !route.forwardedHeaders.isEmpty else { return [] }
        var forwarded: [(name: String, value: String)] = []
        for name in route.forwardedHeaders {
            let values = fields[name]
            guard let value = values.first.map(Self.trimmed) else { continue }
            guard values.count == 1, value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                throw .badRequest("malformed-request", "Invalid header", "The header \(name) is repeated or malformed.")
            }
            // A message header cannot be empty; to a worker it is the same as none.
            if !value.isEmpty { forwarded.append((name, value)) }
        }
        return forwarded
    }

    /// A preflight (fetch standard, section 3.3) or a plain OPTIONS.
    func options(allow: String, _ headers: RequestHeaders) -> HTTPReply {
        guard let origin = headers.origin, headers.preflightMethod != nil else {
            return HTTPReply(status: 204, headers: [("Allow", allow)])
        }
        let isAllowed = configuration.cors.index(of: origin) != nil
        return HTTPReply(status: 204, headers: isAllowed ? configuration.cors.preflightHeaders : [])
    }
}
