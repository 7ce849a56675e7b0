import Synchronization

/// The keys that the event loops check tokens with, replaced as a whole by the ``KeyFetcher``.
final class KeyStore: Sendable {
    private let keys = Mutex<KeySet?>(nil)
    private let counter = Atomic<Int>(0)

    /// Changes whenever the keys do: whoever remembers checked tokens forgets them then.
    var generation: Int { counter.load(ordering: .acquiring) }

    var current: KeySet? { keys.withLock { $0 } }

    func replace(with new: KeySet) {
        let changed = keys.withLock { current in
            let changed = current?.document != new.document
            current = new
            return changed
        }
        if changed { counter.add(1, ordering: .releasing) }
    }
}
