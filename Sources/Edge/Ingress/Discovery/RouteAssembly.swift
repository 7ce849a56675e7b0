import Contracts
import Schema

/// Makes routes of announcements: contracts win, then services that the operator trusts, then whoever came first.
struct RouteAssembly {
    /// Services with routes: that many of those that the operator trusts, and as many others.
    static let maxServices = 64
    /// Routes of all services that the operator trusts, who alone can take them.
    static let maxTrusted = 512
    /// Routes of one service that is not trusted.
    static let maxPerStranger = 64
    /// Of these, how many each has for itself; for more, all of them share ``maxShared``, which who came first gets first.
    static let ownPerStranger = 16
    static let maxShared = 512
    /// Endpoints of one service that is not trusted which are compared with all other routes.
    static let maxCompared = 256

    struct Service {
        let name: String
        let isTrusted: Bool
        var version = ""
        var description = ""
        var endpoints: [EndpointContract] = []
        var schemas: [SchemaDefinition] = []
        /// With the instance that announced each.
        var taken: [(instance: ServiceInstance, subject: String, shape: String)] = []
        var compared = 0
    }

    /// Nothing more of this service can be taken, for this reason.
    struct Full: Error {
        let reason: String
    }

    struct Taken {
        let service: String
        let route: HTTPRoute
    }

    let precedence: RoutePrecedence
    var services: [Service] = []
    /// By what two routes have in common at least when one can take requests of the other.
    var taken: [String: [Taken]] = [:]
    var trustedRoutes = 0
    var sharedRoutes = 0
    /// By subject, of whichever service named it first, offered or not.
    var owners: [String: String] = [:]
    private(set) var refusals: [(service: String, endpoint: String, reason: String)] = []
    /// Why schemas of endpoints that are offered are not used.
    var unused: [(service: String, endpoint: String, reason: String)] = []

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
        for name in services.keys.sorted(by: { rank($0) < rank($1) }) { assembly.add(name, services[name] ?? []) }
        return assembly
    }

    /// One for each service that has a route.
    var contracts: [Contract] {
        services.map {
            Contract(
                name: $0.name, version: $0.version, description: $0.description,
                policies: Policies(timeout: EndpointMetadata.defaultTimeout), schemas: $0.schemas,
                endpoints: $0.endpoints)
        }
    }

    private mutating func add(_ name: String, _ members: [ServiceRegistry.Member]) {
        guard !precedence.workers.contains(name) else {
            for member in members {
                if let announcement = member.announcement { refuseStrangers(announcement, of: name) }
            }
            return
        }
        guard !precedence.workers.contains(name.lowercased()) else {
            refusals.append((name, "-", "its name reads like that of the worker \(name.lowercased())"))
            return
        }
        var service = Service(name: name, isTrusted: precedence.trusted.contains(name))
        do throws(Full) {
            for member in members { try add(member, to: &service) }
        } catch {
            refusals.append((name, "-", error.reason))
        }
        if !service.endpoints.isEmpty { services.append(service) }
    }

    private mutating func add(_ member: ServiceRegistry.Member, to service: inout Service) throws(Full) {
        guard let announcement = member.announcement else { return }
        for endpoint in announcement.endpoints {
            if let subject = endpoint.subject, owners[subject] == nil { owners[subject] = service.name }
            switch endpoint.offer {
            case .none: break
            case .refused(let fault): refusals.append((service.name, endpoint.label, fault.reason))
            case .route(let contract, let route):
                let isNew: Bool
                do throws(AnnouncementFault) {
                    isNew = try self.isNew(contract, route, member.instance, in: service)
                } catch {
                    refusals.append((service.name, endpoint.label, error.reason))
                    continue
                }
                guard isNew else { continue }
                try checkRoom(for: service)
                service.compared += 1
                do throws(AnnouncementFault) {
                    try check(contract, route, of: service.name)
                } catch {
                    refusals.append((service.name, endpoint.label, error.reason))
                    continue
                }
                take(contract, route, endpoint, member.instance, announcement, &service)
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
}
