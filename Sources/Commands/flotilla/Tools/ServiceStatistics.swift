import JSON

/// One answer to `$SRV.STATS` (ADR-32 of NATS).
struct ServiceStatistics: Comparable {
    struct Endpoint: Equatable {
        let name: String
        let subject: String
        let requests: Int64
        let errors: Int64
        let time_ns: Int64
        let lastError: String
    }

    let name: String
    let id: String
    let version: String
    let started: String
    /// How people call it; the id when its service does not say.
    let instance: String
    let pid: String
    let endpoints: [Endpoint]

    /// Nil when it is no such answer.
    init?(_ body: [UInt8]) {
        guard case .object(let stats)? = try? JSONReader.parse(body), let name = stats["name"]?.string,
            let id = stats["id"]?.string
        else { return nil }
        self.name = name
        self.id = id
        version = stats["version"]?.string ?? "-"
        started = stats["started"]?.string ?? "-"
        instance = stats["metadata"]?["instance"]?.string ?? id
        pid = stats["metadata"]?["pid"]?.string ?? "-"
        endpoints = (stats["endpoints"]?.array ?? []).map { endpoint in
            Endpoint(
                name: endpoint["name"]?.string ?? "-", subject: endpoint["subject"]?.string ?? "-",
                requests: endpoint["num_requests"]?.int64 ?? 0, errors: endpoint["num_errors"]?.int64 ?? 0,
                time_ns: endpoint["processing_time"]?.int64 ?? 0, lastError: endpoint["last_error"]?.string ?? "")
        }
    }

    static func < (one: ServiceStatistics, other: ServiceStatistics) -> Bool {
        (one.name, one.instance, one.id) < (other.name, other.instance, other.id)
    }
}
