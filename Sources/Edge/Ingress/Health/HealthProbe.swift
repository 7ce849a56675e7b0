import NATS
import Reactor

/// Pings every worker of the contracts now and then and keeps the ``HealthBoard`` current, so that `/health` costs no message.
@Reactor
struct HealthProbe {
    let nats: NATSConnection
    let board: HealthBoard
    let workers: [String]
    let configuration: IngressConfiguration

    nonisolated init(
        nats: NATSConnection, board: HealthBoard, workers: [String], configuration: IngressConfiguration
    ) {
        self.nats = nats
        self.board = board
        self.workers = workers
        self.configuration = configuration
    }

    /// Probes until the task is cancelled.
    func run() async {
        nats.onStateChange { [nats, board] _ in board.setConnected(nats.isConnected) }
        while !Task.isCancelled {
            board.setConnected(nats.isConnected)
            await withDiscardingTaskGroup { group in
                for (index, worker) in workers.enumerated() {
                    group.addTask { await ping(worker, index) }
                }
            }
            do { try await Reactor.sleep(for: configuration.healthInterval) } catch { return }
        }
    }

    /// Any instance's answer will do (ADR-32: every one of them answers).
    private func ping(_ worker: String, _ index: Int) async {
        let answer = try? await nats.request("$SRV.PING.\(worker)", body: [], timeout: configuration.healthTimeout)
        board.set(worker: index, answers: answer != nil)
    }
}
