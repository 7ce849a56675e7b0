import AsyncHTTPClient
import Logging

/// Delivers signed events, several at a time, and tries again with growing waits until one is answered 2xx.
actor WebhookDispatcher {
    struct Message: Sendable {
        /// Of the event.
        var id: String
        var type: String
        /// JSON text, the same in every attempt.
        var body: String
    }

    struct Settings: Sendable {
        /// nil: nothing is delivered.
        var url: String?
        var secret: String
        /// nil: all types.
        var enabledEvents: Set<String>?
        var maxAttempts = 10
        var attemptTimeout: Duration = .seconds(5)
        var firstDelay: Duration = .milliseconds(500)
        var longestDelay: Duration = .seconds(60)
        var concurrency = 8
        /// Events beyond this many are dropped; they stay in the list of events.
        var queueLimit = 10_000
    }

    private enum Work: Sendable {
        /// Delivered one after the other; `attempt` is how many were made.
        case deliver([Message], attempt: Int)
        /// The events to be reversed did not all come.
        case flush
    }

    private(set) var settings: Settings
    var faults = WebhookFaults()
    private var queue = DueQueue<Work>()
    private var gathered: [Message] = []
    private var running = 0
    private(set) var log = DeliveryLog()
    private let wakeUp = WakeUp()
    private let logger: Logger

    static let gatherLimit: Duration = .seconds(2)

    init(settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    var pending: Int { queue.count + running + gathered.count }

    func setURL(_ url: String?) { settings.url = url }

    func setFaults(_ change: @Sendable (inout WebhookFaults) -> Void) { change(&faults) }

    /// Takes events for delivery.
    /// - Returns: ids of those that will not be delivered.
    func submit(_ messages: [Message]) async -> [String] {
        var ended: [String] = []
        for message in messages {
            guard settings.url != nil, settings.enabledEvents?.contains(message.type) ?? true else {
                ended.append(message.id)
                log.update(message.id, type: message.type) { $0.state = .skipped }
                continue
            }
            if !enqueue(message) { ended.append(message.id) }
        }
        await wakeUp.signal()
        return ended
    }

    private func enqueue(_ message: Message) -> Bool {
        let verdict = queue.count < settings.queueLimit ? faults.next() : .drop
        log.update(message.id, type: message.type) { $0.state = verdict == .drop ? .dropped : .pending }
        switch verdict {
        case .drop:
            logger.debug("a webhook is dropped", metadata: ["event": "\(message.id)"])
            return false
        case .gather(let isLast):
            gathered.append(message)
            if isLast { flush() } else { queue.insert(.flush, due: .now + Self.gatherLimit) }
        case .deliver(let times):
            for _ in 0..<times { queue.insert(.deliver([message], attempt: 0), due: firstDue) }
        }
        return true
    }

    private func flush() {
        guard !gathered.isEmpty else { return }
        queue.insert(.deliver(gathered.reversed(), attempt: 0), due: firstDue)
        gathered = []
    }

    private var firstDue: ContinuousClock.Instant { .now + .milliseconds(faults.delayMs) }

    /// Delivers until cancelled.
    /// - Parameter ended: called with the id of each event that was delivered or given up.
    func run(client: HTTPClient, ended: @escaping @Sendable (String) async -> Void) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                while running < settings.concurrency, let work = queue.pop(by: .now) {
                    guard case .deliver(let messages, let attempt) = work else {
                        flush()
                        continue
                    }
                    running += 1
                    group.addTask {
                        await self.deliver(messages, attempt: attempt + 1, client: client, ended: ended)
                    }
                }
                await wakeUp.wait(until: running < settings.concurrency ? queue.nextDue : nil)
            }
            group.cancelAll()
        }
    }

    private func deliver(
        _ messages: [Message], attempt: Int, client: HTTPClient, ended: @Sendable (String) async -> Void
    ) async {
        for message in messages {
            guard let url = settings.url else { break }
            let request = WebhookRequest(url: url, body: message.body, secret: settings.secret)
            let outcome = await request.send(client: client, timeout: settings.attemptTimeout)
            if Task.isCancelled { break }
            let isGivenUp = !outcome.isSuccess && attempt >= settings.maxAttempts
            log.update(message.id, type: message.type) { entry in
                entry.attempts += 1
                entry.lastStatus = outcome.status
                entry.lastError = outcome.error
                // A duplicate that fails does not undo what arrived.
                if entry.state != .delivered {
                    entry.state = outcome.isSuccess ? .delivered : isGivenUp ? .failed : .pending
                }
            }
            if outcome.isSuccess || isGivenUp {
                await ended(message.id)
            } else {
                let delay = Self.delay(afterAttempt: attempt, settings, random: Double.random(in: 0..<1))
                queue.insert(.deliver([message], attempt: attempt), due: .now + delay)
            }
        }
        running -= 1
        await wakeUp.signal()
    }

    /// Twice as long each time, up to the longest, of which at least half.
    static func delay(afterAttempt attempt: Int, _ settings: Settings, random: Double) -> Duration {
        min(settings.firstDelay * (1 << min(attempt - 1, 20)), settings.longestDelay) * (0.5 + random / 2)
    }
}
