import Dispatch
import Glibc
import Synchronization

/// The signals by which people and service managers ask for an end.
final class StopSignals: Sendable {
    /// The names of the signals as they come.
    let names: AsyncStream<String>

    private struct State {
        var hasCome = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    // Only held so that they live; nobody touches them after the initializer.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        let (names, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(8))
        self.names = names
        let queue = DispatchQueue(label: "signals")
        var sources: [any DispatchSourceSignal] = []
        var handlers: [(any DispatchSourceSignal, String)] = []
        for (number, name) in [(SIGINT, "Ctrl-C"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")] {
            // Dispatch watches the signal, its default action must not end the process first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            sources.append(source)
            handlers.append((source, name))
        }
        // A reader that went away must not end the fleet.
        signal(SIGPIPE, SIG_IGN)
        self.sources = sources
        for (source, name) in handlers {
            source.setEventHandler { [self] in
                note()
                continuation.yield(name)
            }
            source.resume()
        }
    }

    var hasCome: Bool { state.withLock { $0.hasCome } }

    /// Waits for the first signal.
    func first() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.hasCome { state.waiters.append(continuation) }
                return state.hasCome
            }
            if isThere { continuation.resume() }
        }
    }

    private func note() {
        let waiters = state.withLock { state in
            state.hasCome = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
