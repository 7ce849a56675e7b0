import Contracts
import Logging
import NATS

/// Finds services by NATS' service protocol (ADR-32) and offers the endpoints that want a route, as long as they
/// answer.
///
/// It reads what strangers send, so it stays off the reactor and off the event loops: those get finished routes.
struct Discovery: Sendable {
    private let nats: NATSConnection
    let configuration: IngressConfiguration
    private let precedence: RoutePrecedence
    private let staticRoutes: [Route]
    private let logger: Logger
    private let maxAnswers: Int
    private let onFirstLook: @Sendable () -> Void
    private let onRoutes: @Sendable (RouteTree, [Contract]) -> Void

    /// - Parameters:
    ///   - staticRoutes: those of `contracts`, which win.
    ///   - maxAnswers: answers to one ping that are read.
    ///   - onFirstLook: called once, after the first look that the broker let through and what came of it.
    ///   - onRoutes: called with all routes, and with what services have of them, whenever they have changed. One call
    ///     at a time, and none after ``run()``.
    init(
        nats: NATSConnection, configuration: IngressConfiguration, contracts: ContractSet, staticRoutes: [Route],
        logger: Logger, maxAnswers: Int = 2048, onFirstLook: @escaping @Sendable () -> Void = {},
        onRoutes: @escaping @Sendable (RouteTree, [Contract]) -> Void
    ) {
        self.nats = nats
        self.configuration = configuration
        precedence = RoutePrecedence(
            contracts, ownSubjects: [configuration.keysSubject], trusted: configuration.trustedServices)
        self.staticRoutes = staticRoutes
        self.logger = logger
        self.maxAnswers = maxAnswers
        self.onFirstLook = onFirstLook
        self.onRoutes = onRoutes
    }

    /// What is known from round to round.
    struct State {
        var registry: ServiceRegistry
        var log: AnnouncementLog
        var costs = ReadingCosts()
        var offered: [Contract] = []
    }

    /// Looks until the task is cancelled.
    @concurrent
    func run() async {
        var state = State(
            registry: ServiceRegistry(
                grace: configuration.discoveryGrace, contracted: precedence.workers,
                trusted: configuration.trustedServices),
            log: AnnouncementLog(logger, trusted: configuration.trustedServices))
        var hasLooked = false
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let isHeard = await look(&state)
            let hasChanged = state.registry.takeChange()
            if state.log.takeUntold() || hasChanged { offer(&state) }
            if isHeard, !hasLooked {
                hasLooked = true
                onFirstLook()
            }
            do { try await Task.sleep(until: began + configuration.discoveryInterval) } catch { return }
        }
    }

    // MARK: - Asking

    /// - Returns: false when the broker did not let it through.
    private func look(_ state: inout State) async -> Bool {
        let answers: [NATSMessage]
        do {
            answers = try await nats.requestMany(
                "$SRV.PING", for: configuration.discoveryGather, quiet: configuration.discoveryGather,
                limit: maxAnswers)
        } catch {
            state.registry.heardNothing()
            return false
        }
        var instances: [ServiceInstance] = []
        for answer in answers {
            do throws(AnnouncementFault) {
                instances.append(try ServiceInstance(ping: answer))
            } catch {
                state.log.refused(service: "-", error.reason)
            }
        }
        let inquiry = ServiceInquiry(nats: nats, timeout: configuration.discoveryGather)
        let wanted: [ServiceInstance]
        if answers.count < maxAnswers {
            wanted = state.registry.heard(instances, silent: .allOthers, now: .now)
        } else {
            state.log.bound("\(maxAnswers) answers to one ping were read; more are not")
            wanted = await lookAgain(instances, inquiry, &state.registry)
        }
        for (service, reason) in state.registry.takeNotices() {
            if service == "-" { state.log.bound(reason) } else { state.log.refused(service: service, reason) }
        }
        let announcements = await inquiry.announcements(of: wanted)
        read(Dictionary(announcements) { first, _ in first }, of: wanted, &state)
        return true
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

    // MARK: - Offering

    func offer(_ state: inout State) {
        let members = state.registry.announced
        let assembly = RouteAssembly.assemble(members, precedence)
        for (service, endpoint, reason) in assembly.refusals {
            state.log.refused(service: service, endpoint: endpoint, reason)
        }
        for (service, endpoint, reason) in assembly.unused {
            state.log.unused(service: service, endpoint: endpoint, reason)
        }
        for member in members where !precedence.workers.contains(member.instance.name) {
            let service = member.instance.name
            for reason in member.announcement?.unused ?? [] { state.log.unused(service: service, reason) }
            for endpoint in member.announcement?.endpoints ?? [] {
                for reason in endpoint.unused { state.log.unused(service: service, endpoint: endpoint.label, reason) }
                guard let overruled = endpoint.overruled else { continue }
                state.log.overruled(service: service, endpoint: endpoint.label, overruled)
            }
        }
        let contracts = assembly.contracts
        guard contracts != state.offered else { return }
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
        state.offered = contracts
        logger.info(
            "routes of services changed",
            metadata: [
                "services": "\(contracts.map(\.name).joined(separator: " "))",
                "routes": "\(contracts.map(\.endpoints.count).reduce(0, +))",
            ])
    }
}
