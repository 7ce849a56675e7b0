import Worker

/// Tells another system of every message; it tells repetitions by their `Idempotency-Key`.
final class WebhookCourier: Courier {
    let channel = Channel.webhook
    let batchSize: Int
    let lease: Duration

    private let settings: WebhookSettings
    private let pool: CurlPool

    private static let depth = 4
    private static let margin = Duration.seconds(15)

    init(_ settings: WebhookSettings) {
        self.settings = settings
        pool = CurlPool(name: "webhook", connections: settings.connections)
        batchSize = settings.connections * Self.depth
        lease = settings.limit * Self.depth + Self.margin
    }

    @Reactor
    func deliver(_ letters: [Letter], until end: ContinuousClock.Instant) async -> [DeliveryOutcome] {
        let latest = end - settings.limit - .seconds(5)
        return await pool.each(letters) { [settings] letter, handle, flag in
            guard ContinuousClock.now < latest else { return .untried }
            return WebhookRequest(settings: settings, letter: letter).run(handle, flag)
        }
    }

    @Reactor
    func stop() { pool.close() }

    @Reactor
    func abort() { pool.abort() }
}
