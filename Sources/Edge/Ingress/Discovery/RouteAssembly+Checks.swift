import Contracts

/// What keeps an endpoint from getting a route.
extension RouteAssembly {
    /// - Returns: false for what another instance of the service has announced already, most often one of another
    ///   version: what is served stays.
    func isNew(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ instance: ServiceInstance, in service: Service
    ) throws(AnnouncementFault) -> Bool {
        let shape = route.shape
        guard let other = service.taken.first(where: { $0.subject == endpoint.subject || $0.shape == shape }) else {
            return true
        }
        guard other.instance == instance else { return false }
        throw AnnouncementFault("\(route) or its subject \(endpoint.subject) is announced twice")
    }

    func checkRoom(for service: Service) throws(Full) {
        let count = service.taken.count
        if count == 0, services.count(where: { $0.isTrusted == service.isTrusted }) >= Self.maxServices {
            throw Full(reason: "there are \(Self.maxServices) services already")
        }
        guard !service.isTrusted else {
            guard trustedRoutes < Self.maxTrusted else {
                throw Full(reason: "there are \(Self.maxTrusted) routes of trusted services already")
            }
            return
        }
        guard count < Self.maxPerStranger else {
            throw Full(reason: "it has \(count) routes; one that is not trusted gets no more")
        }
        guard count < Self.ownPerStranger || sharedRoutes < Self.maxShared else {
            throw Full(reason: "it has \(count) routes; others have those that services share who are not trusted")
        }
        guard service.compared < Self.maxCompared else {
            throw Full(reason: "too many of its endpoints are refused; the others are not looked at")
        }
    }

    /// Against all other services, and the contracts.
    func check(
        _ endpoint: EndpointContract, _ route: HTTPRoute, of service: String
    ) throws(AnnouncementFault) {
        let prefix = endpoint.subject.prefix { $0 != "." }
        guard !precedence.prefixes.contains(String(prefix)) else {
            throw AnnouncementFault("the subject \(endpoint.subject) belongs to the contracts of the fleet")
        }
        for other in precedence.routes where route.takesRequests(of: other) {
            throw AnnouncementFault("\(route) takes requests of \(other), which a contract has")
        }
        let neighbours = taken[Self.neighbourhood(of: route), default: []]
        for other in precedence.routes + neighbours.map(\.route) where route.isAnotherName(for: other) {
            throw AnnouncementFault("\(route) names the parameters of \(other.path) otherwise")
        }
        guard !precedence.operations.contains(RoutePrecedence.operation(endpoint.subject)) else {
            throw AnnouncementFault("the subject \(endpoint.subject) reads like one of the contracts")
        }
        if let owner = owners[endpoint.subject], owner != service {
            throw AnnouncementFault("the subject \(endpoint.subject) is that of the service \(owner)")
        }
        for other in neighbours where other.service != service && route.takesRequests(of: other.route) {
            throw AnnouncementFault("\(route) takes requests of \(other.route) of the service \(other.service)")
        }
    }

    /// Paths of services begin with a literal.
    static func neighbourhood(of route: HTTPRoute) -> String {
        guard case .literal(let first)? = route.segments.first else { return "" }
        return "\(route.segments.count) \(first)"
    }
}
