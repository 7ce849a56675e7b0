import Reactor
import Synchronization

/// One place among the messages that a pull consumer may have in flight; given back when ended, or with its last reference.
final class PullLease: Sendable {
    private let consumer: PullConsumer
    private let over = Atomic<Bool>(false)

    init(_ consumer: PullConsumer) { self.consumer = consumer }

    deinit {
        guard !over.load(ordering: .relaxed) else { return }
        let consumer = self.consumer
        Reactor.post { consumer.leaseEnded() }
    }

    var isOver: Bool { over.load(ordering: .relaxed) }

    @Reactor
    func end() {
        guard !over.exchange(true, ordering: .relaxed) else { return }
        consumer.leaseEnded()
    }
}
