import Contracts

/// All routes as a tree of path segments, built once from the contracts. A literal segment beats a parameter, from left to
/// right.
///
/// It works on the bytes of the request line and hands out ranges of them: a match costs no texts, and what is
/// percent-encoded is decoded strictly by whoever needs it.
struct RouteTree: Sendable {
    enum Match {
        /// The route, and the ranges of its path parameters in order.
        case route(Route, parameters: [Range<Int>])
        /// The path exists, the method does not; these do.
        case otherMethods(allow: String)
        case none
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [Route] = []
    }

    private var nodes = [Node()]

    /// - Throws: ``IngressError`` when two routes are the same.
    init(_ routes: [Route]) throws(IngressError) {
        for route in routes { try insert(route) }
    }

    /// Finds what answers `method` at the path in `range`, which begins with a slash.
    func match(_ method: String, _ bytes: [UInt8], _ range: Range<Int>) -> Match {
        // RFC 9110, section 9.3.2: HEAD is GET without the body of the answer.
        var search = Search(method: method == "HEAD" ? "GET" : method, bytes: bytes)
        if let route = find(&search, at: 0, range, depth: 0) { return .route(route, parameters: search.parameters) }
        return search.allowed.isEmpty ? .none : .otherMethods(allow: Self.allow(search.allowed))
    }

    private struct Search {
        let method: String
        let bytes: [UInt8]
        var parameters: [Range<Int>] = []
        var allowed: [String] = []
    }

    private func find(_ search: inout Search, at node: Int, _ rest: Range<Int>, depth: Int) -> Route? {
        guard !rest.isEmpty else {
            for route in nodes[node].routes where route.method == search.method { return route }
            // The most literal path decides: its resource has these methods and no others, as in OpenAPI, where a
            // concrete path is another one than the template that would match it as well.
            search.allowed = nodes[node].routes.map(\.method)
            return nil
        }
        guard search.bytes[rest.lowerBound] == slash, depth < HTTPRoute.maxSegments else { return nil }
        let start = rest.lowerBound + 1
        let end = search.bytes[start..<rest.upperBound].firstIndex(of: slash) ?? rest.upperBound
        for literal in nodes[node].literals
        where literal.text.count == end - start && literal.text.elementsEqual(search.bytes[start..<end]) {
            if let found = find(&search, at: literal.node, end..<rest.upperBound, depth: depth + 1) { return found }
            if !search.allowed.isEmpty { return nil }
        }
        guard let parameter = nodes[node].parameter, end > start else { return nil }
        search.parameters.append(start..<end)
        if let found = find(&search, at: parameter, end..<rest.upperBound, depth: depth + 1) { return found }
        if !search.allowed.isEmpty { return nil }
        search.parameters.removeLast()
        return nil
    }

    private mutating func insert(_ route: Route) throws(IngressError) {
        guard (1...HTTPRoute.maxSegments).contains(route.segments.count) else {
            throw IngressError("\(route.description): a path has 1 to \(HTTPRoute.maxSegments) segments")
        }
        var node = 0
        for segment in route.segments {
            switch segment {
            case .literal(let text): node = child(of: node, literal: Array(text.utf8))
            case .parameter: node = parameterChild(of: node)
            }
        }
        if let other = nodes[node].routes.first(where: { $0.method == route.method }) {
            throw IngressError("\(route.description) and \(other.description) are the same route")
        }
        nodes[node].routes.append(route)
    }

    private mutating func child(of node: Int, literal: [UInt8]) -> Int {
        if let known = nodes[node].literals.first(where: { $0.text == literal }) { return known.node }
        nodes.append(Node())
        nodes[node].literals.append((literal, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let known = nodes[node].parameter { return known }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private static func allow(_ methods: [String]) -> String {
        let all = Set(methods).union(["OPTIONS"]).union(methods.contains("GET") ? ["HEAD"] : [])
        return all.sorted().joined(separator: ", ")
    }
}

private let slash = UInt8(ascii: "/")
