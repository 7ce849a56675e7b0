import FoundationEssentials
import Worker

/// Brings what is due on one channel to its courier.
///
/// A message is claimed for the time of a lease, delivered, and marked. Between any two of these steps the process may be
/// killed: the claim is then made again when the lease is over.
@Reactor
final class ChannelDelivery {
    private let courier: any Courier
    private let preparation: Preparation
    private var isRunning = false
    private var isNudged = false
    private var isStopped = false
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    private static let queryLimit = Duration.seconds(5)
    /// A run ends before its context's deadline, or calls of others would find no time left.
    private static let reserve = Duration.seconds(3)

    nonisolated init(_ courier: any Courier, _ preparation: Preparation) {
        self.courier = courier
        self.preparation = preparation
    }

    /// Something has just become due: begins at once, or goes on when a run is under way.
    func nudge(_ context: Context) {
        isNudged = true
        guard !isRunning, !isStopped else { return }
        // Unstructured: a message outlives the handling of its event. One run at a time; what a run does not get done when
        // the process ends is found by the periodic one, here or elsewhere.
        Task { @Reactor in
            do { _ = try await run(context) } catch {
                context.logger.debug("message not delivered yet", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Delivers until nothing is due.
    /// - Returns: whether it ended for want of time.
    func run(_ context: Context) async throws -> Bool {
        guard !isRunning, !isStopped else { return false }
        isRunning = true
        defer {
            isRunning = false
            for waiter in idleWaiters { waiter.resume() }
            idleWaiters.removeAll()
        }
        repeat {
            isNudged = false
            while try await pass(context) == courier.batchSize, !isStopped {
                guard context.deadline.remaining > Self.reserve else { return true }
            }
        } while isNudged && !isStopped && context.deadline.remaining > Self.reserve
        return false
    }

    /// Claims nothing more, and waits until what was claimed is marked, for `limit` at most.
    func settle(within limit: Duration) async {
        isStopped = true
        courier.stop()
        guard isRunning else { return }
        // What the other side has taken should be marked; what it has not answered by then is given up.
        let abortion = Reactor.schedule(after: max(limit / 2, limit - .milliseconds(500))) { self.courier.abort() }
        let timer = Reactor.schedule(after: limit) {
            for waiter in self.idleWaiters { waiter.resume() }
            self.idleWaiters.removeAll()
        }
        await withCheckedContinuation { idleWaiters.append($0) }
        abortion.cancel()
        timer.cancel()
    }

    /// Claims, delivers and marks one batch.
    /// - Returns: how many were due.
    private func pass(_ context: Context) async throws -> Int {
        let end = ContinuousClock.now + courier.lease
        let messages = try await claim(context)
        guard !messages.isEmpty else { return 0 }
        let (unwanted, wanted) = messages.split { $0.isUnwanted }
        try await record(
            unwanted.map { DeliveryRecord(message: $0, outcome: .skipped(reason: "unsubscribed")) }, context)
        // Those that need nothing of others first: what is asked for may take its time.
        let (ready, incomplete) = wanted.split { preparation.isComplete($0) }
        try await deliver(try await preparation.letters(ready, context), until: end, context)
        guard !incomplete.isEmpty else { return messages.count }
        let completed = await preparation.complete(incomplete, context)
        try await record(completed.records, context)
        try await deliver(
            try await preparation.letters(completed.messages, context), until: end, context)
        return messages.count
    }

    private func claim(_ context: Context) async throws -> [DueMessage] {
        try await context.database.query(
            Query(
                DueMessage.claim, .text(courier.channel.rawValue), .int(courier.batchSize),
                .int(Int64(courier.lease / .milliseconds(1)))),
            deadline: .now + Self.queryLimit
        ).map { try DueMessage($0) }
    }

    private func deliver(_ letters: [Letter], until end: ContinuousClock.Instant, _ context: Context) async throws {
        guard !letters.isEmpty else { return }
        let outcomes = await courier.deliver(letters, until: end)
        let records = zip(letters, outcomes).map { letter, outcome in
            DeliveryRecord(
                message: letter.message, outcome: outcome, address: outcome == .sent ? letter.recipient.email : nil)
        }
        for record in records { say(record, context.logger) }
        try await self.record(records, context)
    }

    private func say(_ record: DeliveryRecord, _ logger: Logger) {
        switch record.outcome {
        case .failed(let reason), .refused(let reason):
            logger.warning(
                "message not delivered",
                metadata: [
                    "notification": "\(record.message.id.text)", "channel": "\(courier.channel.rawValue)",
                    "attempt": "\(record.message.attempt)", "error": "\(MailText.cleaned(reason).prefix(500))",
                ])
        case .sent, .skipped, .untried: break
        }
    }

    private func record(_ records: [DeliveryRecord], _ context: Context) async throws {
        guard let query = DeliveryRecord.marking(records) else { return }
        // What was sent is marked even when the database is busy: sending it again would double it.
        _ = try await context.database.query(query, deadline: .now + Self.queryLimit)
    }
}

extension Array {
    /// Those for which `condition` holds, and the others.
    fileprivate func split(_ condition: (Element) -> Bool) -> ([Element], [Element]) {
        (filter(condition), filter { !condition($0) })
    }
}
