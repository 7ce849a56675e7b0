import Logging

/// Says once what is refused and why, so that an announcement that comes again and again fills no log.
struct AnnouncementLog {
    /// How many different refusals are told; what comes after them is not.
    static let maxEntries = 1000

    private struct Entry: Hashable {
        let service: String
        let endpoint: String?
        let reason: String
    }

    private let logger: Logger
    private var told: Set<Entry> = []

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

    private mutating func tell(_ message: Logger.Message, _ service: String, _ endpoint: String?, _ reason: String) {
        guard told.count < Self.maxEntries,
            told.insert(Entry(service: service, endpoint: endpoint, reason: reason)).inserted
        else { return }
        var metadata: Logger.Metadata = ["service": "\(service)", "reason": "\(reason)"]
        if let endpoint { metadata["endpoint"] = "\(endpoint)" }
        logger.warning(message, metadata: metadata)
        if told.count == Self.maxEntries { logger.warning("no more refused announcements are logged") }
    }
}
