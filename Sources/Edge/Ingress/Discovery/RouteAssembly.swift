import Contracts
import Schema

/// Makes routes of announcements: contracts win, then services that the operator trusts, then whoever came first.
struct RouteAssembly {
    static let maxServices = 64
    static let maxRoutes = 512

    private struct Service {
        let name: String
        let version: String
        let description: String
        var endpoints: [EndpointContract] = []
        var schemas: [SchemaDefinition] = []
    }

    private struct Taken {
        let service: String
        let instance: ServiceInstance
        let subject: String
        let route: HTTPRoute
    }

    private let precedence: RoutePrecedence
    private var services: [Service] = []
    private var taken: [Taken] = []
    /// By subject, of whichever service named it first, offered or not.
    private var owners: [String: String] = [:]
    private(set) var refusals: [(service: String, endpoint: String, reason: String)] = []
    /// Why schemas of endpoints that are offered are not used.
    private(set) var unused: [(service: String, endpoint: String, reason: String)] = []

    init(_ precedence: RoutePrecedence) {
        self.precedence = precedence
    }

    /// - Parameter members: ordered by precedence among the instances of one service.
    static func assemble(_ members: [ServiceRegistry.Member], _ precedence: RoutePrecedence) -> RouteAssembly {
        var assembly = RouteAssembly(precedence)
        let services = Dictionary(grouping: members) { $0.instance.name }
        // A service is as old as its oldest instance, silent or not.
        let ages = services.mapValues { $0.map(\.order).min() ?? 0 }
        func rank(_ name: String) -> (Int, Int) { (precedence.trusted.contains(name) ? 0 : 1, ages[name, default: 0]) }
        for name in services.keys.sorted(by: { rank($0) < rank($1) }) {
            for member in services[name] ?? [] { assembly.add(member) }
        }
        return assembly
    }

    /// One for each service that has a route.
    var contracts: [Contract] {
        services.filter { !$0.endpoints.isEmpty }.map {
            Contract(
                name: $0.name, version: $0.version, description: $0.description,
                policies: Policies(timeout: EndpointMetadata.defaultTimeout), schemas: $0.schemas,
                endpoints: $0.endpoints)
        }
    }

    private mutating func add(_ member: ServiceRegistry.Member) {
        guard let announcement = member.announcement else { return }
        let name = member.instance.name
        guard !precedence.workers.contains(name) else { return refuseStrangers(announcement, of: name) }
        guard !precedence.workers.contains(name.lowercased()) else {
            refusals.append((name, "-", "its name reads like that of the worker \(name.lowercased())"))
            return
        }
        for endpoint in announcement.endpoints {
            if let subject = endpoint.subject, owners[subject] == nil { owners[subject] = name }
            switch endpoint.offer {
            case .none: break
            case .refused(let fault): refusals.append((name, endpoint.label, fault.reason))
            case .route(let contract, let route):
                do throws(AnnouncementFault) {
                    try take(contract, route, endpoint, member.instance, announcement)
                } catch {
                    refusals.append((name, endpoint.label, error.reason))
                }
            }
        }
    }

    /// Instances of the fleet's own workers offer what their contract says; what it does not say is worth a warning.
    private mutating func refuseStrangers(_ announcement: ServiceAnnouncement, of name: String) {
        for endpoint in announcement.endpoints {
            switch endpoint.offer {
            case .none: break
            case .route(let contract, let route):
                let declared = precedence.contracts.endpoint(subject: contract.subject)
                if let declared, declared.worker == name, declared.http?.description == route.description { break }
                refusals.append((name, endpoint.label, "its name is that of a worker whose contract has no \(route)"))
            case .refused:
                // What its contract declares is served by the contract, however it is announced.
                let declared = endpoint.subject.flatMap { precedence.contracts.endpoint(subject: $0) }
                if declared?.worker == name { break }
                refusals.append((name, endpoint.label, "its name is that of a worker with a contract"))
            }
        }
    }

    private mutating func take(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ announced: AnnouncedEndpoint,
        _ instance: ServiceInstance, _ announcement: ServiceAnnouncement
    ) throws(AnnouncementFault) {
        let prefix = endpoint.subject.prefix { $0 != "." }
        guard !precedence.prefixes.contains(String(prefix)) else {
            throw AnnouncementFault("the subject \(endpoint.subject) belongs to the contracts of the fleet")
        }
        for other in precedence.routes where route.takesRequests(of: other) {
            throw AnnouncementFault("\(route) takes requests of \(other), which a contract has")
        }
        for other in precedence.routes + taken.map(\.route) where route.isAnotherName(for: other) {
            throw AnnouncementFault("\(route) names the parameters of \(other.path) otherwise")
        }
        guard !precedence.operations.contains(RoutePrecedence.operation(endpoint.subject)) else {
            throw AnnouncementFault("the subject \(endpoint.subject) reads like one of the contracts")
        }
        if let owner = owners[endpoint.subject], owner != instance.name {
            throw AnnouncementFault("the subject \(endpoint.subject) is that of the service \(owner)")
        }
        for other in taken {
            if other.service != instance.name {
                guard route.takesRequests(of: other.route) else { continue }
                throw AnnouncementFault("\(route) takes requests of \(other.route) of the service \(other.service)")
            }
            guard other.subject == endpoint.subject || other.route.shape == route.shape else { continue }
            // Another instance, most often of another version: what is served already stays.
            if other.instance != instance { return }
            throw AnnouncementFault("\(route) or its subject \(endpoint.subject) is announced twice")
        }
        guard taken.count < Self.maxRoutes else {
            throw AnnouncementFault("there are \(Self.maxRoutes) routes already")
        }
        let index = try index(of: instance.name, announcement)
        let described = withDefinitions(endpoint, route, announced, of: index)
        services[index].endpoints.append(described.named(uniqueAmong: services[index].endpoints))
        taken.append(Taken(service: instance.name, instance: instance, subject: endpoint.subject, route: route))
    }

    /// The endpoint, after the schemas that it refers to have become those of its service. Another version may have
    /// others by the same names: what is served already keeps its own, and this endpoint does without.
    private mutating func withDefinitions(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ announced: AnnouncedEndpoint, of index: Int
    ) -> EndpointContract {
        var schemas = services[index].schemas
        for definition in announced.definitions {
            guard let known = schemas.first(where: { $0.name == definition.name }) else {
                schemas.append(definition)
                continue
            }
            guard known.schema.document == definition.schema.document else {
                unused.append(
                    (
                        endpoint.worker, announced.label,
                        "#/schemas/\(definition.name) is another one in an instance that was found before"
                    ))
                return endpoint.withoutSchemas(route)
            }
        }
        services[index].schemas = schemas
        return endpoint
    }

    private mutating func index(of name: String, _ announcement: ServiceAnnouncement) throws(AnnouncementFault) -> Int {
        if let index = services.firstIndex(where: { $0.name == name }) { return index }
        guard services.count < Self.maxServices else {
            throw AnnouncementFault("there are \(Self.maxServices) services already")
        }
        services.append(Service(name: name, version: announcement.version, description: announcement.description))
        return services.count - 1
    }
}
