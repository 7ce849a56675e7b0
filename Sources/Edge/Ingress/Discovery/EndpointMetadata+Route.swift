import Contracts
import JSON
import Schema

extension EndpointMetadata {
    /// Method and path, without query parameters.
    func plainRoute() throws(AnnouncementFault) -> HTTPRoute {
        let text = texts["http"] ?? "\(texts["method"] ?? "") \(texts["path"] ?? "")"
        guard text.utf8.count <= Self.maxPathBytes, let route = HTTPRoute(text) else {
            throw AnnouncementFault("expected a method and a path such as GET /reviews/{id}, got \(text.echo)")
        }
        guard route.segments.count <= HTTPRoute.maxSegments else {
            throw AnnouncementFault("its path has more than \(HTTPRoute.maxSegments) segments")
        }
        guard case .literal = route.segments.first else {
            throw AnnouncementFault("its path begins with a parameter, which would take every path")
        }
        for case .literal(let literal) in route.segments where !literal.utf8.allSatisfy({ $0 != UInt8(ascii: ".") }) {
            throw AnnouncementFault("its path has a dot")
        }
        return route
    }

    /// The names that the metadata lists; nil without a list.
    func queryNames(_ route: HTTPRoute) throws(AnnouncementFault) -> [String]? {
        guard let list = texts["query"] else { return nil }
        var names: [String] = []
        for part in list.split(separator: ",").prefix(Self.maxQueryParameters + 1) {
            let name = part.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
            guard AnnouncementGrammar.isMemberName(name), !route.parameters.contains(name), !names.contains(name)
            else { throw AnnouncementFault("\(name.echo) is no query parameter, or there are two of it") }
            names.append(name)
        }
        guard names.count <= Self.maxQueryParameters else {
            throw AnnouncementFault("it has more than \(Self.maxQueryParameters) query parameters")
        }
        return names
    }

    /// Those that are listed; without a list, for methods without a body, all that may stand in a query.
    /// - Parameter kinds: of the request's properties that are no lists and no objects, in their order.
    func query(
        _ route: HTTPRoute, listed: [String]?, _ kinds: [QueryParameter]
    ) throws(AnnouncementFault) -> [QueryParameter] {
        if let listed {
            return listed.map { name in
                kinds.first { $0.name == name } ?? QueryParameter(name: name, kind: .string)
            }
        }
        guard route.method == .get || route.method == .delete else { return [] }
        let parameters = kinds.filter {
            !route.parameters.contains($0.name) && AnnouncementGrammar.isMemberName($0.name)
        }
        guard parameters.count <= Self.maxQueryParameters else {
            throw AnnouncementFault("it has more than \(Self.maxQueryParameters) query parameters")
        }
        return parameters
    }
}
