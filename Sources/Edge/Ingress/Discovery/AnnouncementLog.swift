import Logging

/// Says what is refused and why: each refusal once in ten minutes at most, so that an announcement that comes again and
/// again fills no log. What strangers cause takes no room of trusted services and of the bounds of the ingress.
struct AnnouncementLog {
    private let logger: Logger
    private let trusted: Set<String>
    private var own = ToldRefusals()
    private var strangers = ToldRefusals()
    private var untold = 0

    /// - Parameter trusted: names that the operator trusts.
    init(_ logger: Logger, trusted: Set<String>) {
        self.logger = logger
        self.trusted = trusted
    }

    /// A bound of all services together keeps somebody out.
    mutating func bound(_ reason: String, at now: ContinuousClock.Instant = .now) {
        tell("announcement refused", "-", nil, reason, isOwn: true, now)
    }

    /// - Parameter service: `-` when nobody knows whose it is.
    mutating func refused(
        service: String, endpoint: String? = nil, _ reason: String, at now: ContinuousClock.Instant = .now
    ) {
        tell("announcement refused", service, endpoint, reason, isOwn: trusted.contains(service), now)
    }

    mutating func overruled(service: String, endpoint: String, _ declared: String) {
        tell(
            "announcement overruled", service, endpoint,
            "\(declared) counts only for trusted services; customer is required", isOwn: false, .now)
    }

    /// The route works without it.
    mutating func unused(service: String, endpoint: String? = nil, _ reason: String) {
        tell("schema not used", service, endpoint, reason, isOwn: trusted.contains(service), .now)
    }

    /// Whether refusals were left out that may be told now; asking resets it.
    mutating func takeUntold(at now: ContinuousClock.Instant = .now) -> Bool {
        let hasRoom = [own.forget(now), strangers.forget(now)].contains(true)
        guard hasRoom, untold > 0 else { return false }
        logger.warning("refused announcements were not logged", metadata: ["count": "\(untold)"])
        untold = 0
        return true
    }

    private mutating func tell(
        _ message: Logger.Message, _ service: String, _ endpoint: String?, _ reason: String, isOwn: Bool,
        _ now: ContinuousClock.Instant
    ) {
        let entry = ToldRefusals.Entry(service: service, endpoint: endpoint, reason: reason)
        switch isOwn ? own.verdict(on: entry, now) : strangers.verdict(on: entry, now) {
        case .known: return
        case .tooMany: untold += 1
        case .tell:
            var metadata: Logger.Metadata = ["service": "\(service)", "reason": "\(reason)"]
            if let endpoint { metadata["endpoint"] = "\(endpoint)" }
            logger.warning(message, metadata: metadata)
        }
    }
}
