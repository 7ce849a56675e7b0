/// Under which method and path the ingress offers an endpoint. Path and query parameters become members of the request's JSON object.
public struct HTTPRoute: Sendable, Hashable {
    public enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    /// Segments of the longest path.
    public static let maxSegments = 16
    /// Bytes of the longest path as a contract writes it.
    static let maxBytes = 500

    public let method: HTTPMethod
    /// What lies between the slashes, without the ingress's own prefix.
    public let segments: [Segment]
    public let query: [QueryParameter]

    public init(method: HTTPMethod, segments: [Segment], query: [QueryParameter] = []) {
        self.method = method
        self.segments = segments
        self.query = query
    }

    /// Reads `PATCH /orders/{id}/status`; nil when it is no such text.
    public init?(_ text: String, query: [QueryParameter] = []) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let method = HTTPMethod(rawValue: String(parts[0])),
            let segments = Self.segments(parts[1])
        else { return nil }
        self.init(method: method, segments: segments, query: query)
    }

    /// `/orders/{id}/status`
    public var path: String {
        segments.map {
            switch $0 {
            case .literal(let text): "/\(text)"
            case .parameter(let name): "/{\(name)}"
            }
        }.joined()
    }

    /// Whether both paths match the same requests but name their parameters otherwise: OpenAPI allows one of the two only.
    public func isAnotherName(for other: HTTPRoute) -> Bool {
        path != other.path && segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { one, other in
                switch (one, other) {
                case (.parameter, .parameter): true
                case (.literal(let one), .literal(let other)): one == other
                default: false
                }
            }
    }

    /// The names in the path, from left to right.
    public var parameters: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    private static func segments(_ path: Substring) -> [Segment]? {
        guard path.hasPrefix("/"), path.count > 1 else { return nil }
        var names: Set<Substring> = []
        var result: [Segment] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if part.hasPrefix("{") {
                let name = part.dropFirst().dropLast()
                guard part.hasSuffix("}"), Grammar.isMemberName(name), names.insert(name).inserted else { return nil }
                result.append(.parameter(String(name)))
            } else {
                guard Grammar.isPathSegment(part) else { return nil }
                result.append(.literal(String(part)))
            }
        }
        return result
    }
}

extension HTTPRoute: CustomStringConvertible {
    public var description: String { "\(method.rawValue) \(path)" }
}

public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}
