/// What `$SRV.STATS` tells of one endpoint (ADR-32 of NATS).
struct EndpointStatistics {
    private(set) var requests = 0
    private(set) var errors = 0
    private(set) var lastError = ""
    private(set) var processingTime_ns: Int64 = 0

    /// Requests that nobody waited for any more, dropped unanswered.
    var expired = 0
    /// Requests refused because too many were under way.
    var shed = 0

    var average_ns: Int64 { requests == 0 ? 0 : processingTime_ns / Int64(requests) }

    mutating func count(_ time: Duration, error: String?) {
        requests += 1
        let (seconds, attoseconds) = time.components
        processingTime_ns += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        guard let error else { return }
        errors += 1
        lastError = error
    }
}
