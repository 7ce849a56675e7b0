import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Stripe

/// An endpoint that takes webhooks, checks their signatures and keeps their events.
actor WebhookReceiver {
    private var events: [StripeEvent] = []
    private var answers: [HTTPResponse.Status] = []
    private var waiters:
        [(count: Int, matching: @Sendable (StripeEvent) -> Bool, resume: CheckedContinuation<Void, Never>)] = []
    private(set) var refused = 0

    /// Runs a receiver on a free port around `body`.
    static func run<Result: Sendable>(
        _ body: @Sendable @escaping (WebhookReceiver, _ url: String) async throws -> Result
    ) async throws -> Result {
        let receiver = WebhookReceiver()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("hook") { request, _ in
            let payload = try await request.body.collect(upTo: 1 << 20)
            let header = request.headers.first { $0.name.canonicalName == "stripe-signature" }?.value
            return await receiver.receive(Array(payload.readableBytesView), header ?? "")
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(services: [application], logger: logger)
        // Not a child task: its end is awaited below, also when the body throws.
        let running = Task { try await group.run() }
        let port = await ports.first { _ in true } ?? 0
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(receiver, "http://127.0.0.1:\(port)/hook"))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }

    /// The next deliveries get these answers, later ones 200.
    func answerNext(_ statuses: HTTPResponse.Status...) { answers += statuses }

    /// Every delivery that came, duplicates included, in order.
    var received: [StripeEvent] { events }

    /// Waits until `count` events of `type` have come.
    @discardableResult
    func wait(for type: String, count: Int = 1) async -> [StripeEvent] {
        let matching: @Sendable (StripeEvent) -> Bool = { $0.type == type }
        if events.filter(matching).count < count {
            await withCheckedContinuation { waiters.append((count, matching, $0)) }
        }
        return events.filter(matching)
    }

    private func receive(_ payload: [UInt8], _ header: String) -> HTTPResponse.Status {
        guard
            let event = try? StripeWebhook.verify(
                payload: payload, signatureHeader: header, secret: SimulatorHarness.webhookSecret)
        else {
            refused += 1
            return .badRequest
        }
        events.append(event)
        waiters.removeAll { waiter in
            guard events.filter(waiter.matching).count >= waiter.count else { return false }
            waiter.resume.resume()
            return true
        }
        return answers.isEmpty ? .ok : answers.removeFirst()
    }
}
