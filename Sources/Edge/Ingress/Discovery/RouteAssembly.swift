import Contracts

/// Makes routes of announcements: contracts win, then whoever came first.
struct RouteAssembly {
    static let maxServices = 64
    static let maxRoutes = 512

    /// Contracts of the fleet, and what follows from them.
    struct Precedence: Sendable {
        let workers: Set<String>
        /// First tokens of subjects: those of workers, of streams, of what the ingress itself asks.
        let prefixes: Set<String>
        let routes: [HTTPRoute]
        /// How documents call the endpoints of the contracts.
        let operations: Set<String>
        let contracts: ContractSet

        init(_ contracts: ContractSet, ownSubjects: [String]) {
            self.contracts = contracts
            workers = Set(contracts.contracts.map(\.name))
            prefixes = workers.union(contracts.contracts.compactMap { $0.stream?.prefix })
                .union(ownSubjects.compactMap { $0.split(separator: ".").first.map(String.init) })
            operations = Set(contracts.contracts.flatMap(\.endpoints).map { operation($0.subject) })
            routes = contracts.contracts.flatMap(\.endpoints).filter { $0.access != .internal }.compactMap(\.http)
        }
    }

    private struct Service {
        let name: String
        let version: String
        let description: String
        var endpoints: [EndpointContract] = []
    }

    private struct Taken {
        let service: String
        let instance: ServiceInstance
        let subject: String
        let route: HTTPRoute
    }

    private let precedence: Precedence
    private var services: [Service] = []
    private var taken: [Taken] = []
    /// By subject, of whichever service named it first, offered or not.
    private var owners: [String: String] = [:]
    private(set) var refusals: [(service: String, endpoint: String, reason: String)] = []

    init(_ precedence: Precedence) {
        self.precedence = precedence
    }

    /// - Parameter members: ordered by precedence among the instances of one service.
    static func assemble(_ members: [ServiceRegistry.Member], _ precedence: Precedence) -> RouteAssembly {
        var assembly = RouteAssembly(precedence)
        let services = Dictionary(grouping: members) { $0.instance.name }
        // A service is as old as its oldest instance, silent or not.
        let ages = services.mapValues { $0.map(\.order).min() ?? 0 }
        for name in services.keys.sorted(by: { ages[$0, default: 0] < ages[$1, default: 0] }) {
            for member in services[name] ?? [] { assembly.add(member) }
        }
        return assembly
    }

    /// One for each service that has a route.
    var contracts: [Contract] {
        services.filter { !$0.endpoints.isEmpty }.map {
            Contract(
                name: $0.name, version: $0.version, description: $0.description,
                policies: Policies(timeout: EndpointMetadata.defaultTimeout), endpoints: $0.endpoints)
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
                    try take(contract, route, member.instance, announcement)
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

    /// What a subject becomes where only letters, digits and underscores may stand.
    static func operation(_ subject: String) -> String {
        subject.lowercased().replacing(".", with: "_").replacing("-", with: "_")
    }

    private mutating func take(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ instance: ServiceInstance,
        _ announcement: ServiceAnnouncement
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
        guard !precedence.operations.contains(Self.operation(endpoint.subject)) else {
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
        services[index].endpoints.append(endpoint.named(uniqueAmong: services[index].endpoints))
        taken.append(Taken(service: instance.name, instance: instance, subject: endpoint.subject, route: route))
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

extension EndpointContract {
    /// Services may give one name to several endpoints; contracts may not.
    fileprivate func named(uniqueAmong others: [EndpointContract]) -> EndpointContract {
        let names = Set(others.map(\.name))
        guard names.contains(name), let number = (2...1000).first(where: { !names.contains("\(name)-\($0)") }) else {
            return self
        }
        return EndpointContract(
            worker: worker, name: "\(name)-\(number)", subject: subject, description: description, http: http,
            access: access, idempotency: idempotency, isRepeatable: isRepeatable, timeout: timeout,
            bodyLimit: bodyLimit, successStatus: successStatus, request: request, reply: reply)
    }
}
