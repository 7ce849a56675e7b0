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
    private let precedence: RouteAssembly.Precedence
    private let staticRoutes: [Route]
    private let logger: Logger
    private let onRoutes: @Sendable (RouteTree, [Contract]) -> Void

    /// Answers to one ping that are read.
    static let maxAnswers = 2048

    /// - Parameters:
    ///   - staticRoutes: those of `contracts`, which win.
    ///   - onRoutes: called with all routes, and with what services have of them, whenever they have changed. One
    ///   call at a
    ///     time, and none after ``run()``.
    init(
        nats: NATSConnection, configuration: IngressConfiguration, contracts: ContractSet, staticRoutes: [Route],
        logger: Logger, onRoutes: @escaping @Sendable (RouteTree, [Contract]) -> Void
    ) {
        self.nats = nats
        self.configuration = configuration
        precedence = RouteAssembly.Precedence(contracts, ownSubjects: [configuration.keysSubject])
        self.staticRoutes = staticRoutes
        self.logger = logger
        self.onRoutes = onRoutes
    }

    /// Looks until the task is cancelled.
    @concurrent
    func run() async {
        var registry = ServiceRegistry(grace: configuration.discoveryGrace, contracted: precedence.workers)
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
                limit: Self.maxAnswers)
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
        let wanted = registry.heard(instances, isComplete: answers.count < Self.maxAnswers, now: .now)
        for (instance, answer) in await announcements(of: wanted) { read(answer, of: instance, &registry, &log) }
    }

    private func announcements(of instances: [ServiceInstance]) async -> [(ServiceInstance, NATSMessage)] {
        let timeout = configuration.discoveryGather
        return await withTaskGroup(of: (ServiceInstance, NATSMessage)?.self) { group in
            for instance in instances {
                group.addTask { [nats] in
                    // One that does not answer now is asked again in another round.
                    let answer = try? await nats.request(instance.infoSubject, body: [], timeout: timeout)
                    return answer.map { (instance, $0) }
                }
            }
            var answers: [(ServiceInstance, NATSMessage)] = []
            for await case let answer? in group { answers.append(answer) }
            return answers
        }
    }

    private func read(
        _ answer: NATSMessage, of instance: ServiceInstance, _ registry: inout ServiceRegistry,
        _ log: inout AnnouncementLog
    ) {
        do throws(AnnouncementFault) {
            guard answer.count <= ServiceAnnouncement.maxBytes else {
                throw AnnouncementFault(
                    "its announcement has \(answer.count) bytes; \(ServiceAnnouncement.maxBytes) are taken")
            }
            let body = answer.body
            guard try registry.accepts(body, of: instance) else { return }
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
        for member in members where !precedence.workers.contains(member.instance.name) {
            for endpoint in member.announcement?.endpoints ?? [] {
                guard let overruled = endpoint.overruled else { continue }
                log.overruled(service: member.instance.name, endpoint: endpoint.label, overruled)
            }
        }
        let contracts = assembly.contracts
        guard contracts != offered else { return }
        do throws(IngressError) {
            var routes = staticRoutes
            for endpoint in contracts.flatMap(\.endpoints) {
                guard let http = endpoint.http else { continue }
                routes.append(try Route(endpoint, http, EndpointMetadata.policies(for: endpoint)))
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
