import HummingbirdCore
import Logging
import Synchronization

/// The way out: no new connections, answers that say that the connection closes, and in the end a deadline.
final class Drain: Sendable {
    private struct Progress {
        var server: Server<ConnectionSetup>?
        var isListening = false
        var isAsked = false
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
        let server = progress.withLock { progress in
            defer { progress.isAsked = true }
            return progress.isListening && !progress.isAsked ? progress.server : nil
        }
        if let server { drain(server) }
    }

    func didStartListening() {
        let server = progress.withLock { progress in
            progress.isListening = true
            return progress.isAsked ? progress.server : nil
        }
        if let server { drain(server) }
    }

    private func drain(_ server: Server<ConnectionSetup>) {
        logger.info("draining", metadata: ["timeout_s": "\(timeout.components.seconds)"])
        // Unstructured: shutdown handlers cannot wait. Ends when the connections do, by the timeout at the latest.
        Task { [self] in
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
}
