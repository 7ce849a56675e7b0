import Logging

/// Says once what is refused and why, so that an announcement that comes again and again fills no log.
struct AnnouncementLog {
    /// How many different refusals are told; what comes after them is not.
    static let maxEntries = 1000
    /// Those of one service: it cannot take the places of all others.
    static let maxPerService = 250

    private struct Entry: Hashable {
        let service: String
        let endpoint: String?
        let reason: String
    }

    private let logger: Logger
    private var told: Set<Entry> = []
    private var perService: [String: Int] = [:]

    init(_ logger: Logger) {
        self.logger = logger
    }

    mutating func refused(service: String, endpoint: String? = nil, _ reason: String) {
        tell("announcement refused", service, endpoint, reason)
    }

    mutating func overruled(service: String, endpoint: String, _ declared: String) {
        tell(
            "announcement overruled", service, endpoint,
            "\(declared) counts only for trusted services; customer is required")
    }

    /// The route works without it.
    mutating func unused(service: String, endpoint: String? = nil, _ reason: String) {
        tell("schema not used", service, endpoint, reason)
    }

    private mutating func tell(_ message: Logger.Message, _ service: String, _ endpoint: String?, _ reason: String) {
        guard told.count < Self.maxEntries, perService[service, default: 0] < Self.maxPerService,
            told.insert(Entry(service: service, endpoint: endpoint, reason: reason)).inserted
        else { return }
        perService[service, default: 0] += 1
        var metadata: Logger.Metadata = ["service": "\(service)", "reason": "\(reason)"]
        if let endpoint { metadata["endpoint"] = "\(endpoint)" }
        logger.warning(message, metadata: metadata)
        if told.count == Self.maxEntries { logger.warning("no more refused announcements are logged") }
    }
}
