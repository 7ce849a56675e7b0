import Logging
import NATS
import Reactor

/// Keeps the ``KeyStore`` current: fetches the keys over NATS at start, every minute, and when a token names an unknown one.
@Reactor
final class KeyFetcher {
    private let nats: NATSConnection
    private let store: KeyStore
    private let configuration: IngressConfiguration
    private let logger: Logger

    private var isFetching = false
    private var waiting: [@Reactor () -> Void] = []
    /// Those who came while a periodic fetch was under way, which may have been answered before their key was made.
    private var waitingForNext: [@Reactor () -> Void] = []
    private var lastOnDemand: ContinuousClock.Instant?
    private var failures = 0

    nonisolated init(nats: NATSConnection, store: KeyStore, configuration: IngressConfiguration, logger: Logger) {
        self.nats = nats
        self.store = store
        self.configuration = configuration
        self.logger = logger
    }

    /// Fetches until the task is cancelled.
    func run() async {
        var backoff = Self.firstBackoff
        while !Task.isCancelled {
            let fetched = await fetch()
            let pause = fetched ? configuration.keysRefresh : backoff * Double.random(in: 0.5...1)
            backoff = fetched ? Self.firstBackoff : min(backoff * 2, Self.lastBackoff)
            do { try await Reactor.sleep(for: pause) } catch { return }
        }
    }

    private static let firstBackoff = Duration.milliseconds(200)
    private static let lastBackoff = Duration.seconds(5)
    /// A fleet whose members start side by side misses the first tries.
    private static let failuresUntilWarning = 3

    /// Calls `then` on the reactor after a fetch that begins from now on; at once, or with the fetch that is under way, when
    /// there was one on demand a moment ago, so that invented key ids cause few.
    func refreshForUnknownKey(then: @escaping @Reactor () -> Void) {
        let isRecent = lastOnDemand.map { ContinuousClock.now - $0 < configuration.keysRefreshOnDemand } ?? false
        switch (isFetching, isRecent) {
        case (true, true): waiting.append(then)
        case (true, false): waitingForNext.append(then)
        case (false, true): then()
        case (false, false): fetchOnDemand(for: [then])
        }
    }

    private func fetchOnDemand(for callers: [@Reactor () -> Void]) {
        lastOnDemand = .now
        waiting += callers
        isFetching = true
        // The request that asks cannot wait for it on its event loop. Ends by its own timeout; there is one at a time.
        Reactor.start { _ = await self.finishFetch() }
    }

    /// - Returns: whether the keys are current now, or will be in a moment.
    private func fetch() async -> Bool {
        guard !isFetching else { return true }
        isFetching = true
        return await finishFetch()
    }

    private func finishFetch() async -> Bool {
        defer {
            isFetching = false
            let callbacks = waiting
            waiting = []
            for callback in callbacks { callback() }
            let late = waitingForNext
            waitingForNext = []
            if !late.isEmpty { fetchOnDemand(for: late) }
        }
        do {
            let reply = try await nats.request(
                configuration.keysSubject, body: Array("{}".utf8), timeout: .seconds(2))
            if let error = reply.header("Nats-Service-Error") { throw KeySet.Malformed(reason: error) }
            let keys = try await KeySet(document: reply.body)
            store.replace(with: keys)
            if failures >= Self.failuresUntilWarning { logger.notice("the keys of the fleet are there") }
            failures = 0
            return true
        } catch {
            failures += 1
            if failures == Self.failuresUntilWarning {
                logger.warning(
                    "the keys of the fleet could not be fetched; trying again",
                    metadata: ["subject": "\(configuration.keysSubject)", "error": "\(error)"])
            }
            return false
        }
    }
}
