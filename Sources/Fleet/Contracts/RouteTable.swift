/// Finds the endpoint of a method and path. A literal segment wins over a parameter, from left to right: `/products/import` is
/// tried before `/products/{id}`.
public struct RouteTable: Sendable {
    private struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var endpoints: [HTTPMethod: Int] = [:]
    }

    public let endpoints: [EndpointContract]
    private var nodes = [Node()]
    private var longest = 0

    /// Endpoints without a route are passed over; of two with the same route the first wins.
    public init(_ endpoints: [EndpointContract]) {
        self.endpoints = endpoints
        for (index, endpoint) in endpoints.enumerated() {
            guard let route = endpoint.http else { continue }
            longest = max(longest, route.segments.count)
            let node = route.segments.reduce(0) { child(of: $0, $1) }
            if nodes[node].endpoints[route.method] == nil { nodes[node].endpoints[route.method] = index }
        }
    }

    /// - Parameter path: as it stands in the request, without the ingress's own prefix and without the query.
    public func match(_ method: HTTPMethod, path: Substring) -> RouteMatch {
        guard path.utf8.first == UInt8(ascii: "/") else { return .notFound }
        let segments = path.dropFirst().split(
            separator: "/", maxSplits: longest, omittingEmptySubsequences: false)
        guard segments.count <= longest else { return .notFound }
        var search = Search(method: method)
        guard let index = find(&search, segments[...], at: 0) else {
            return search.allowed.isEmpty
                ? .notFound : .methodNotAllowed(HTTPMethod.allCases.filter(search.allowed.contains))
        }
        let names = endpoints[index].http?.parameters ?? []
        return .found(endpoints[index], parameters: zip(names, search.values).map { .init(name: $0, value: $1) })
    }

    public func match(_ method: HTTPMethod, path: String) -> RouteMatch {
        match(method, path: path[...])
    }

    private struct Search {
        let method: HTTPMethod
        var values: [String] = []
        var allowed: Set<HTTPMethod> = []
    }

    private func find(_ search: inout Search, _ rest: ArraySlice<Substring>, at node: Int) -> Int? {
        guard let segment = rest.first else {
            if let found = nodes[node].endpoints[search.method] { return found }
            search.allowed.formUnion(nodes[node].endpoints.keys)
            return nil
        }
        if let literal = nodes[node].literals[String(segment)], let found = find(&search, rest.dropFirst(), at: literal)
        {
            return found
        }
        guard let parameter = nodes[node].parameter, let value = PercentEncoding.decode(segment), !value.isEmpty else {
            return nil
        }
        search.values.append(value)
        if let found = find(&search, rest.dropFirst(), at: parameter) { return found }
        search.values.removeLast()
        return nil
    }

    private mutating func child(of node: Int, _ segment: HTTPRoute.Segment) -> Int {
        let existing =
            switch segment {
            case .literal(let text): nodes[node].literals[text]
            case .parameter: nodes[node].parameter
            }
        if let existing { return existing }
        nodes.append(Node())
        switch segment {
        case .literal(let text): nodes[node].literals[text] = nodes.count - 1
        case .parameter: nodes[node].parameter = nodes.count - 1
        }
        return nodes.count - 1
    }
}

public enum RouteMatch: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        public let name: String
        /// With percent escapes decoded.
        public let value: String
    }

    case found(EndpointContract, parameters: [Parameter])
    /// There are endpoints at that path for these methods only.
    case methodNotAllowed([HTTPMethod])
    case notFound
}
