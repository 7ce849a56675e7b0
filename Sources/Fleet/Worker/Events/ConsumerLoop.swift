import Contracts
import FoundationEssentials
import JSON
import Logging
import NATS
import Postgres
import Reactor
import Streams

/// Runs one consumer of a worker: pulls batches from its durable, applies them with the inbox in one transaction, acks.
///
/// While one batch is applied the next ones gather. A batch that fails as a whole is applied one by one, so that a bad
/// message holds up no other; the bad one comes again with growing pauses and becomes a dead letter in the end.
@Reactor
final class ConsumerLoop {
    private let consumer: EventConsumer
    private let stream: EventStream
    private let durable: String
    private let services: Services
    private let inbox: Inbox

    private var pull: PullConsumer?
    private var waiting: [JetStreamMessage] = []
    private var isApplying = false
    private var isStopped = false
    /// The last batch had nothing new: in a flood of duplicates batches are large, because each costs a transaction.
    private var isFlooded = false
    private var failures: [UUID: Int] = [:]
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    private static let batchSize = 64
    private static let floodBatchSize = ConsumerConfiguration.heldByInstance
    /// How often a handler may fail on one event before that becomes a dead letter.
    private static let attempts = 8
    private static let applyLimit = Duration.seconds(10)
    private static let withoutFlush: Statement = "SET LOCAL synchronous_commit TO off"

    init(consumer: EventConsumer, stream: EventStream, services: Services) {
        self.consumer = consumer
        self.stream = stream
        self.services = services
        durable = services.contract.name
        inbox = Inbox(consumer: "\(services.contract.name):\(stream.name)")
    }

    // MARK: - The durable

    /// Begins to pull as soon as stream and durable are there; tries until it works or is cancelled.
    func start() async {
        let parts: [StreamPart] = [
            .stream(StreamConfiguration(stream)), .consumer(ConsumerConfiguration(of: durable, on: stream)),
        ]
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled, !isStopped {
            var isRefused = false
            do throws(NATSError) {
                try await services.streams.ensure(parts)
                if isStopped { return }
                if let pull { return pull.resume() }
                pull = try services.jetStream.consume(
                    stream: stream.name, consumer: durable, batch: Self.batchSize * 2,
                    maximumInFlight: ConsumerConfiguration.heldByInstance,
                    whenMissing: { [weak self] _ in self?.restart() }
                ) { [weak self] message in self?.receive(message) }
                return
            } catch {
                isRefused = error.code == .notPermitted
                services.logger.debug(
                    "consumer not ready yet", metadata: ["stream": "\(stream.name)", "error": "\(error)"])
            }
            do { try await Reactor.sleep(for: pause + .milliseconds(Int.random(in: 0...50))) } catch { return }
            pause = StreamKeeper.pause(after: pause, isRefused: isRefused)
        }
    }

    /// The stream or the durable is gone, for instance because the broker's store was wiped: they have to be made again, by
    /// this worker if it may.
    private func restart() {
        guard !isStopped else { return }
        services.logger.warning("stream or consumer is gone", metadata: ["stream": "\(stream.name)"])
        // Unstructured: the broker reports this outside any task. Ends when it has worked, or with the drain.
        Task { @Reactor in await start() }
    }

    /// Stops pulling, settles what has been taken, within `limit`.
    func drain(within limit: Duration) async {
        isStopped = true
        pull?.stop()
        let timer = Reactor.schedule(after: limit) { self.wakeWaiters() }
        if isApplying || !waiting.isEmpty { await withCheckedContinuation { idleWaiters.append($0) } }
        timer.cancel()
        pull?.unsubscribe()
    }

    private func wakeWaiters() {
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters.removeAll()
    }

    // MARK: - Batches

    private func receive(_ message: JetStreamMessage) {
        waiting.append(message)
        guard !isApplying else { return }
        isApplying = true
        // In the next tick, so that all that came with this read is one batch. One at a time; the drain waits for it.
        Reactor.post { [self] in Reactor.start { [self] in await applyWaiting() } }
    }

    private func applyWaiting() async {
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(isFlooded ? Self.floodBatchSize : Self.batchSize))
            waiting.removeFirst(batch.count)
            await settle(batch)
        }
        isApplying = false
        wakeWaiters()
    }

    private func settle(_ messages: [JetStreamMessage]) async {
        var deliveries: [Delivery] = []
        for message in messages {
            do { deliveries.append(try Delivery(message)) } catch { await bury(message, event: nil, error) }
        }
        guard !deliveries.isEmpty else { return }
        do { try await apply(deliveries) } catch {
            guard deliveries.count > 1, !Self.isTransient(error) else { return await failed(deliveries, error) }
            for delivery in deliveries {
                do { try await apply([delivery]) } catch { await failed([delivery], error) }
            }
        }
    }

    /// Applies what is next for its aggregate, in one transaction with the cursors, then settles all of them.
    private func apply(_ deliveries: [Delivery]) async throws {
        let aggregates = Array(Set(deliveries.map(\.event.aggregateId)))
        let deadline = Deadline(in: Self.applyLimit)
        let context = Context(services: services, deadline: deadline)
        let (batch, effects) = try await services.database.transaction(deadline: deadline.instant) { transaction in
            let cursors = try await transaction.batch(inbox.taking(aggregates))
            let batch = InboxBatch(
                deliveries.map { ($0.event.aggregateId, $0.event.version) }, cursors: try Inbox.cursors(cursors[1]))
            let effects = EventTransaction(transaction: transaction, context: context)
            if let prepare = consumer.prepare, batch.applicable.count > 1 {
                try await prepare(batch.applicable.map { deliveries[$0].event }, effects)
            }
            for index in batch.applicable {
                effects.began(deliveries[index].event)
                try await consumer.handle(deliveries[index].event, effects)
            }
            let aggregate = services.contract.stream?.aggregate ?? services.contract.name
            var last = effects.appended.map { $0.insertion(aggregate: aggregate) }
            // Only notes: nobody has to wait until they are on the disk.
            if batch.moved.isEmpty { last.append(Query(Self.withoutFlush)) }
            if !batch.moved.isEmpty { last.append(inbox.advancing(batch.moved)) }
            if let noted = log(deliveries, batch).query { last.append(noted) }
            try await transaction.commit(with: last)
            return (batch, effects)
        }
        isFlooded = batch.applicable.isEmpty && batch.early.isEmpty
        services.relay.enqueue(effects.appended)
        effects.committed()
        for index in batch.applicable + batch.duplicates {
            deliveries[index].message.ack()
            failures[deliveries[index].event.id] = nil
        }
        for index in batch.early { wait(for: deliveries[index]) }
    }

    private func log(_ deliveries: [Delivery], _ batch: InboxBatch) -> DeliveryLog {
        var log = DeliveryLog(consumer: inbox.consumer)
        for index in batch.applicable {
            log.add(deliveries[index].event, .applied, deliveries: deliveries[index].message.deliveries)
        }
        for index in batch.duplicates {
            log.add(
                deliveries[index].event, .applied, deliveries: deliveries[index].message.deliveries, isDuplicate: true)
        }
        for index in batch.early {
            log.add(deliveries[index].event, .waiting, deliveries: deliveries[index].message.deliveries)
        }
        return log
    }

    /// An event whose predecessor has not come: it comes again later. A gap that stays is said again and again.
    private func wait(for delivery: Delivery) {
        let (event, count) = (delivery.event, delivery.message.deliveries)
        if count.isMultiple(of: Self.deliveriesUntilWarning) {
            services.logger.warning(
                "an event before this one is missing",
                metadata: [
                    "event": "\(event.id.text)", "type": "\(event.type)", "aggregate": "\(event.aggregateId.text)",
                    "version": "\(event.version)", "deliveries": "\(count)",
                ])
        }
        delivery.message.nak(delay: Self.pause(after: count))
    }

    /// About a minute of pauses.
    private static let deliveriesUntilWarning = 12

    // MARK: - Failures

    private func failed(_ deliveries: [Delivery], _ error: any Error) async {
        if !Self.isTransient(error) { await note(deliveries, error) }
        for delivery in deliveries {
            let event = delivery.event
            guard !Self.isTransient(error) else {
                // Says nothing about the event: it does not count against it.
                delivery.message.nak(delay: .milliseconds(Int.random(in: 200...1_000)))
                continue
            }
            // Bounded: what is lost from memory only gets more tries.
            if failures.count > 10_000 { failures.removeAll() }
            let count = failures[event.id, default: 0] + 1
            failures[event.id] = count
            services.logger.warning(
                "event not handled",
                metadata: [
                    "event": "\(event.id.text)", "type": "\(event.type)", "attempt": "\(count)", "error": "\(error)",
                ])
            if count >= Self.attempts || error is MalformedEvent {
                await bury(delivery.message, event: event, error)
            } else {
                delivery.message.nak(delay: Self.pause(after: count))
            }
        }
    }

    /// Only people read it: what cannot be written is left out.
    private func note(_ deliveries: [Delivery], _ error: any Error) async {
        var log = DeliveryLog(consumer: inbox.consumer, error: error)
        for delivery in deliveries { log.add(delivery.event, .failing, deliveries: delivery.message.deliveries) }
        guard let query = log.query else { return }
        _ = try? await services.database.query(query, deadline: .now + Self.applyLimit)
    }

    /// Writes the dead letter and moves the cursor past the event in one transaction, then ends its delivery. The later
    /// events of the aggregate are not held up by it.
    private func bury(_ message: JetStreamMessage, event: ReceivedEvent?, _ error: any Error) async {
        do {
            let deadline = Deadline(in: Self.applyLimit)
            _ = try await services.database.transaction(deadline: deadline.instant) { transaction in
                let letter = DeadLetter.insertion(
                    of: message, event: event, stream: stream.name, consumer: inbox.consumer, error: error)
                guard let event else { return try await transaction.commit(with: [letter]) }
                let rows = try await transaction.batch(inbox.taking([event.aggregateId]))
                let cursor = try Inbox.cursors(rows[1])[event.aggregateId] ?? 0
                guard event.version == cursor + 1 else { return try await transaction.commit(with: []) }
                var log = DeliveryLog(consumer: inbox.consumer, error: error)
                log.add(event, .dead, deliveries: message.deliveries)
                return try await transaction.commit(
                    with: [letter, inbox.advancing([event.aggregateId: event.version])] + [log.query].compactMap { $0 })
            }
            message.term()
            if let event { failures[event.id] = nil }
            services.logger.error(
                "dead letter", metadata: ["subject": "\(message.message.subject)", "error": "\(error)"])
        } catch {
            message.nak(delay: .seconds(1))
        }
    }

    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isTransient
        case is NATSError, is VersionConflict, is CancellationError: true
        case let error as ServiceError: error.status >= 500
        default: false
        }
    }

    /// 50 ms, doubling to half a minute, with jitter.
    private static func pause(after attempts: Int) -> Duration {
        let longest = min(30_000, 50 << min(max(attempts - 1, 0), 10))
        return .milliseconds(Int.random(in: longest / 2...longest))
    }
}
