import HummingbirdCore
import Logging
import Synchronization

/// The way out: no new connections, answers that say that the connection closes, and in the end a deadline.
final class Drain: Sendable {
    private struct Progress {
        var server: Server<ConnectionSetup>?
        var isListening = false
        var isAsked = false
        var draining: Task<Void, Never>?

        var begins: Bool { isListening && isAsked && draining == nil }
    }

    private let gateways: Gateways
    private let timeout: Duration
    private let logger: Logger
    private let progress = Mutex(Progress())

    init(gateways: Gateways, timeout: Duration, logger: Logger) {
        self.gateways = gateways
        self.timeout = timeout
        self.logger = logger
    }

    func attach(_ server: Server<ConnectionSetup>) {
        progress.withLock { $0.server = server }
    }

    /// Begins once, whoever asks first; a server that does not listen yet drains as soon as it does.
    func begin() {
        progress.withLock { progress in
            progress.isAsked = true
            drainWhenReady(&progress)
        }
    }

    func didStartListening() {
        progress.withLock { progress in
            progress.isListening = true
            drainWhenReady(&progress)
        }
    }

    /// Waits for the end of a drain that has begun; none begins from now on, because the event loops are about to end.
    func finish() async {
        let draining = progress.withLock { progress in
            progress.isListening = false
            progress.server = nil
            return progress.draining
        }
        await draining?.value
    }

    private func drainWhenReady(_ progress: inout Progress) {
        guard progress.begins, let server = progress.server else { return }
        // Unstructured: shutdown handlers cannot wait. Ends when the connections do, by the timeout at the latest.
        progress.draining = Task { await drain(server) }
    }

    private func drain(_ server: Server<ConnectionSetup>) async {
        logger.info("draining", metadata: ["timeout_s": "\(timeout.components.seconds)"])
        gateways.beginDraining()
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                do { try await Task.sleep(for: timeout) } catch { return }
                logger.warning("requests were still in flight at the end of the drain timeout")
                gateways.forceClose()
            }
            try? await server.shutdownGracefully()
            group.cancelAll()
        }
    }
}
