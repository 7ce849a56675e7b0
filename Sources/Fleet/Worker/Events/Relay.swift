import Contracts
import FoundationEssentials
import JSON
import Logging
import NATS
import Postgres
import Reactor

/// Publishes what has been committed to the `events` table, and marks it.
///
/// Two ways lead here. What this process commits is handed over in memory right after the commit and goes out at once,
/// many publishes under way together, in the order of the commits. A sweep reads from the table what a crash or a lost
/// connection left. Both may publish the same event, and so may two instances: `Nats-Msg-Id` and the consumers' inboxes
/// make that harmless.
@Reactor
final class Relay {
    private let stream: EventStream?
    private let source: String
    private let jetStream: JetStream
    private let database: PostgresPool
    private let logger: Logger

    private var queue: [OutboxEvent] = []
    private var inFlight = 0
    private var published: [UUID] = []
    /// Queued, on their way, or about to be marked: the sweep leaves them alone.
    private var held: Set<UUID> = []
    /// The broker refused something since the last sweep began: there is no hurry with the next.
    private var hasFailed = false
    private var isMarking = false
    private var isStopped = false
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    /// Committed events beyond this are left to the sweep: memory stays bounded when the broker is away.
    private static let queueLimit = 20_000
    private static let inFlightLimit = 512
    private static let sweepBatch = 500
    private static let publishTimeout = Duration.seconds(2)

    init(contract: Contract, jetStream: JetStream, database: PostgresPool, logger: Logger) {
        stream = contract.stream
        source = "/\(contract.name)"
        self.jetStream = jetStream
        self.database = database
        self.logger = logger
    }

    /// What has been committed and not yet published and marked by this process.
    var backlog: Int { queue.count + inFlight + published.count }

    /// Takes over events whose transaction has just committed.
    func enqueue(_ events: [OutboxEvent]) {
        guard queue.count + events.count <= Self.queueLimit else { return }
        queue.append(contentsOf: events)
        held.formUnion(events.lazy.map(\.id))
        pump()
    }

    private func pump() {
        guard let stream, inFlight < Self.inFlightLimit, !queue.isEmpty else { return }
        let count = min(Self.inFlightLimit - inFlight, queue.count)
        let batch = queue.prefix(count)
        queue.removeFirst(count)
        inFlight += count
        for event in batch {
            // Unstructured, because a publish outlives the request that caused it; `inFlight` bounds their number and
            // `settle` waits for them.
            Reactor.start { [self] in
                if await publish(event, to: stream) {
                    published.append(event.id)
                } else {
                    held.remove(event.id)
                    hasFailed = true
                }
                inFlight -= 1
                pump()
                mark()
                tellIfIdle()
            }
        }
    }

    /// Whether the stream has it. If not, the sweep tries again: the row is still unpublished.
    private func publish(_ event: OutboxEvent, to stream: EventStream) async -> Bool {
        do {
            _ = try await jetStream.publish(
                stream.subject(aggregateId: event.aggregateId, type: event.type),
                headers: event.headers(source: source), body: event.payload, timeout: Self.publishTimeout)
            return true
        } catch {
            logger.debug("event not published yet", metadata: ["event": "\(event.id.text)", "error": "\(error)"])
            return false
        }
    }

    private func mark() {
        guard !isMarking, !published.isEmpty else { return }
        isMarking = true
        let ids = published
        published.removeAll(keepingCapacity: true)
        // Unstructured for the same reason; one at a time.
        Reactor.start { [self] in
            do {
                _ = try await database.query(
                    Query(OutboxEvent.markPublished, .uuids(ids)),
                    deadline: ContinuousClock.now + .seconds(5))
            } catch {
                // They stay unpublished in the table: the sweep publishes them again, and marks them then.
                logger.debug("published events not marked yet", metadata: ["error": "\(error)"])
            }
            held.subtract(ids)
            isMarking = false
            mark()
            tellIfIdle()
        }
    }

    /// Looks for unpublished rows until cancelled, at once and then about every second.
    func run() async {
        while !Task.isCancelled, !isStopped, stream != nil {
            var isBehind = false
            do { isBehind = try await sweep() } catch {
                logger.debug("outbox not swept", metadata: ["error": "\(error)"])
            }
            let pause = isBehind && !hasFailed ? Duration.milliseconds(50) : .milliseconds(Int.random(in: 900...1_100))
            do { try await Reactor.sleep(for: pause) } catch { return }
        }
    }

    /// - Returns: whether there may be more rows to publish than it read.
    private func sweep() async throws -> Bool {
        hasFailed = false
        let rows = try await database.query(
            Query(OutboxEvent.selectUnpublished, .int(Int64(Self.sweepBatch))),
            deadline: ContinuousClock.now + .seconds(5))
        let events = try rows.map { try OutboxEvent($0) }.filter { !held.contains($0.id) }
        guard !events.isEmpty else { return false }
        logger.info("publishing events that were left", metadata: ["count": "\(events.count)"])
        enqueue(events)
        return rows.count == Self.sweepBatch
    }

    // MARK: - Drain

    private var isIdle: Bool { queue.isEmpty && inFlight == 0 && published.isEmpty && !isMarking }

    private func tellIfIdle() {
        guard isIdle, !idleWaiters.isEmpty else { return }
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters.removeAll()
    }

    private func idle() async {
        guard !isIdle else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    /// Ends the sweep and waits until all that was handed over is published and marked, or `limit` has passed.
    func settle(within limit: Duration) async {
        isStopped = true
        let timer = Reactor.schedule(after: limit) {
            for waiter in self.idleWaiters { waiter.resume() }
            self.idleWaiters.removeAll()
        }
        await idle()
        timer.cancel()
    }
}
