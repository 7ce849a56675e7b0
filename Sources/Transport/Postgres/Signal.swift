import Reactor

/// Something that happens once. It may happen before anybody waits for it.
@Reactor
final class Signal<Value: Sendable> {
    private var value: Value?
    private var waiters: [CheckedContinuation<Value, Never>] = []

    var isFired: Bool { value != nil }

    /// Only the first call counts.
    func fire(_ value: Value) {
        guard self.value == nil else { return }
        self.value = value
        for waiter in waiters { waiter.resume(returning: value) }
        waiters.removeAll()
    }

    func wait() async -> Value {
        await withCheckedContinuation { continuation in
            if let value { continuation.resume(returning: value) } else { waiters.append(continuation) }
        }
    }
}
