import JSON
import NATS
import Reactor

/// Sends requests over NATS, each of its lanes the next one as soon as it has the answer to the last.
@Reactor
final class ClosedLoop {
    struct Request: Sendable {
        let subject: String
        var actor: String?
        var key: String?
        var body: [UInt8] = []
    }

    /// What came of a run.
    struct Result: Sendable {
        var duration = Duration.zero
        /// Of every answered request.
        var latencies_us: [Int64] = []
        /// What went wrong, each with its number.
        var failures: [String: Int] = [:]

        var requestsPerSecond: Double { Double(latencies_us.count) / max(duration.inMilliseconds / 1_000, 0.001) }

        /// The latency that this part of the requests does not exceed.
        func percentile(_ part: Double) -> Double {
            let sorted = latencies_us.sorted()
            guard !sorted.isEmpty else { return 0 }
            return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1_000
        }
    }

    private let nats: NATSConnection
    private let next: @Reactor () -> Request
    private let answered: @Reactor ([UInt8]) -> Void
    private var result = Result()

    /// - Parameters:
    ///   - next: the request to send.
    ///   - answered: takes the body of each success.
    init(
        _ nats: NATSConnection, next: @escaping @Reactor () -> Request,
        answered: @escaping @Reactor ([UInt8]) -> Void = { _ in }
    ) {
        self.nats = nats
        self.next = next
        self.answered = answered
    }

    func run(lanes: Int, for duration: Duration) async -> Result {
        let began = ContinuousClock.now
        let tasks = (0..<lanes).map { _ in Reactor.start { [self] in await lane(until: began + duration) } }
        for task in tasks { await task.value }
        result.duration = ContinuousClock.now - began
        return result
    }

    private func lane(until end: ContinuousClock.Instant) async {
        while ContinuousClock.now < end, !Task.isCancelled {
            let request = next()
            var headers = NATSHeaders()
            if let actor = request.actor { headers.append("Flotilla-Actor", actor) }
            if let key = request.key { headers.append("Idempotency-Key", key) }
            let began = ContinuousClock.now
            do {
                let reply = try await nats.request(
                    request.subject, headers: headers, body: request.body, timeout: .seconds(5))
                if let refusal = reply.header("Nats-Service-Error") {
                    let detail = (try? JSONReader.parse(reply.body))?["detail"]?.string ?? refusal
                    fail("\(reply.header("Nats-Service-Error-Code") ?? "?") \(detail)")
                } else {
                    result.latencies_us.append(Int64((ContinuousClock.now - began).inMilliseconds * 1_000))
                    answered(reply.body)
                }
            } catch {
                fail("\(error)")
                // A fleet that refuses at once would otherwise be asked as fast as it refuses.
                do { try await Reactor.sleep(for: .milliseconds(10)) } catch { return }
            }
        }
    }

    private func fail(_ reason: String) { result.failures[reason, default: 0] += 1 }
}
