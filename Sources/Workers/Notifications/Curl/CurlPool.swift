import Synchronization
import Worker

/// A bounded number of connections, each with a thread of its own while it transfers.
@Reactor
final class CurlPool {
    private let connections: Int
    private let threads: BlockingPool
    private var idle: [CurlHandle] = []
    private var isClosed = false
    private let abortion = StopFlag()

    /// - Parameters:
    ///   - name: of the threads.
    ///   - connections: how many at most.
    nonisolated init(name: String, connections: Int) {
        self.connections = connections
        threads = BlockingPool(name: name, threads: connections, queueLimit: connections * 2)
    }

    deinit {
        threads.shutdown()
    }

    /// Delivers letters side by side, as many at a time as there are connections.
    /// - Returns: how each ended, in their order.
    func each(
        _ letters: [Letter], _ transfer: @escaping @Sendable (Letter, CurlHandle, StopFlag) -> DeliveryOutcome
    ) async -> [DeliveryOutcome] {
        await withTaskGroup(of: [(Int, DeliveryOutcome)].self) { group in
            for lane in 0..<min(connections, letters.count) {
                group.addTask { await self.deliver(letters, lane: lane, transfer) }
            }
            var outcomes = Array(repeating: DeliveryOutcome.untried, count: letters.count)
            for await lane in group {
                for (index, outcome) in lane { outcomes[index] = outcome }
            }
            return outcomes
        }
    }

    /// One after the other, those whose turn falls to this lane.
    private func deliver(
        _ letters: [Letter], lane: Int,
        _ transfer: @escaping @Sendable (Letter, CurlHandle, StopFlag) -> DeliveryOutcome
    ) async -> [(Int, DeliveryOutcome)] {
        var ended: [(Int, DeliveryOutcome)] = []
        for index in stride(from: lane, to: letters.count, by: connections) {
            ended.append((index, await run { transfer(letters[index], $0, $1) }))
        }
        return ended
    }

    private func run(
        _ transfer: @escaping @Sendable (CurlHandle, StopFlag) -> DeliveryOutcome
    ) async -> DeliveryOutcome {
        guard !isClosed, let handle = idle.popLast() ?? CurlHandle() else { return .untried }
        defer { idle.append(handle) }
        let abortion = abortion
        do { return try await threads.run { transfer(handle, abortion) } } catch {
            return .failed(reason: "\(error)")
        }
    }

    /// Begins no more transfers.
    func close() { isClosed = true }

    /// Transfers that go on are given up within about a second.
    func abort() { abortion.isSet.store(true, ordering: .relaxed) }
}

/// Set once, from any thread.
final class StopFlag: Sendable {
    let isSet = Atomic(false)
}
