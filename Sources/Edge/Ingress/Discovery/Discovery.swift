import Contracts
import Logging
import NATS

/// Finds services by NATS' service protocol (ADR-32) and offers the endpoints that want a route, as long as they
/// answer.
///
/// It reads what strangers send, so it stays off the reactor and off the event loops: those get finished routes.
struct Discovery: Sendable {
    private let nats: NATSConnection
    private let configuration: IngressConfiguration
    private let precedence: RoutePrecedence
    private let staticRoutes: [Route]
    private let logger: Logger
    private let maxAnswers: Int
    private let onRoutes: @Sendable (RouteTree, [Contract]) -> Void

    /// - Parameters:
    ///   - staticRoutes: those of `contracts`, which win.
    ///   - maxAnswers: answers to one ping that are read.
    ///   - onRoutes: called with all routes, and with what services have of them, whenever they have changed. One
    ///   call at a
    ///     time, and none after ``run()``.
    init(
        nats: NATSConnection, configuration: IngressConfiguration, contracts: ContractSet, staticRoutes: [Route],
        logger: Logger, maxAnswers: Int = 2048, onRoutes: @escaping @Sendable (RouteTree, [Contract]) -> Void
    ) {
        self.nats = nats
        self.configuration = configuration
        precedence = RoutePrecedence(
            contracts, ownSubjects: [configuration.keysSubject], trusted: configuration.trustedServices)
        self.staticRoutes = staticRoutes
        self.logger = logger
        self.maxAnswers = maxAnswers
        self.onRoutes = onRoutes
    }

    /// Looks until the task is cancelled.
    @concurrent
    func run() async {
        var registry = ServiceRegistry(
            grace: configuration.discoveryGrace, contracted: precedence.workers,
            trusted: configuration.trustedServices)
        var log = AnnouncementLog(logger)
        var offered: [Contract] = []
        while !Task.isCancelled {
            let began = ContinuousClock.now
            await look(&registry, &log)
            if registry.takeChange() { offer(registry, &offered, &log) }
            do { try await Task.sleep(until: began + configuration.discoveryInterval) } catch { return }
        }
    }

    // MARK: - Asking

    private func look(_ registry: inout ServiceRegistry, _ log: inout AnnouncementLog) async {
        let answers: [NATSMessage]
        do {
            answers = try await nats.requestMany(
                "$SRV.PING", for: configuration.discoveryGather, quiet: configuration.discoveryGather,
                limit: maxAnswers)
        } catch {
            return registry.heardNothing()
        }
        var instances: [ServiceInstance] = []
        for answer in answers {
            do throws(AnnouncementFault) {
                instances.append(try ServiceInstance(ping: answer))
            } catch {
                log.refused(service: "-", error.reason)
            }
        }
        let inquiry = ServiceInquiry(nats: nats, timeout: configuration.discoveryGather)
        let wanted: [ServiceInstance]
        if answers.count < maxAnswers {
            wanted = registry.heard(instances, silent: .allOthers, now: .now)
        } else {
            log.refused(service: "-", "\(maxAnswers) answers to one ping were read; more are not")
            wanted = await lookAgain(instances, inquiry, &registry)
        }
        for (service, reason) in registry.takeNotices() { log.refused(service: service, reason) }
        for (instance, answer) in await inquiry.announcements(of: wanted) {
            read(answer, of: instance, &registry, &log)
        }
    }

    /// Too many answered: what is known, and what the operator trusts, may not be among the answers that were read.
    private func lookAgain(
        _ instances: [ServiceInstance], _ inquiry: ServiceInquiry, _ registry: inout ServiceRegistry
    ) async -> [ServiceInstance] {
        let unheard = registry.unheard(among: Set(instances))
        async let alive = inquiry.alive(unheard)
        async let trusted = inquiry.instances(of: configuration.trustedServices)
        let heard = await instances + alive + trusted
        return registry.heard(heard, silent: .these(Set(unheard)), now: .now)
    }

    private func read(
        _ answer: NATSMessage, of instance: ServiceInstance, _ registry: inout ServiceRegistry,
        _ log: inout AnnouncementLog
    ) {
        let body = answer.count <= ServiceAnnouncement.maxBytes ? answer.body : nil
        do throws(AnnouncementFault) {
            if let body { guard try registry.accepts(body, of: instance) else { return } }
        } catch {
            // Others take the room that it needs: it keeps the routes that it has.
            return log.refused(service: instance.name, error.reason)
        }
        do throws(AnnouncementFault) {
            guard let body else {
                throw AnnouncementFault(
                    "its announcement has \(answer.count) bytes; \(ServiceAnnouncement.maxBytes) are taken")
            }
            let isTrusted = configuration.trustedServices.contains(instance.name)
            registry.learn(try ServiceAnnouncement(body, of: instance, isTrusted: isTrusted), of: instance)
        } catch {
            log.refused(service: instance.name, error.reason)
            registry.learn(nil, of: instance)
        }
    }

    // MARK: - Offering

    private func offer(_ registry: ServiceRegistry, _ offered: inout [Contract], _ log: inout AnnouncementLog) {
        let members = registry.announced
        let assembly = RouteAssembly.assemble(members, precedence)
        for (service, endpoint, reason) in assembly.refusals {
            log.refused(service: service, endpoint: endpoint, reason)
        }
        for (service, endpoint, reason) in assembly.unused { log.unused(service: service, endpoint: endpoint, reason) }
        for member in members where !precedence.workers.contains(member.instance.name) {
            let service = member.instance.name
            for reason in member.announcement?.unused ?? [] { log.unused(service: service, reason) }
            for endpoint in member.announcement?.endpoints ?? [] {
                for reason in endpoint.unused { log.unused(service: service, endpoint: endpoint.label, reason) }
                guard let overruled = endpoint.overruled else { continue }
                log.overruled(service: service, endpoint: endpoint.label, overruled)
            }
        }
        let contracts = assembly.contracts
        guard contracts != offered else { return }
        do throws(IngressError) {
            var routes = staticRoutes
            for endpoint in contracts.flatMap(\.endpoints) {
                guard let http = endpoint.http else { continue }
                routes.append(try Route(endpoint, http, EndpointMetadata.policies(for: endpoint), isHeldTo: false))
            }
            onRoutes(try RouteTree(routes), contracts)
        } catch {
            logger.error("routes of services not taken", metadata: ["error": "\(error)"])
            return
        }
        offered = contracts
        logger.info(
            "routes of services changed",
            metadata: [
                "services": "\(contracts.map(\.name).joined(separator: " "))",
                "routes": "\(contracts.map(\.endpoints.count).reduce(0, +))",
            ])
    }
}
