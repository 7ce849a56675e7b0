/// Timers by deadline: a binary heap from which cancelled ones are swept once they are the majority.
///
/// Most timers are timeouts that never fire, so cancelling must cost nothing; the sweep keeps the heap at no more than
/// twice the live timers.
@Reactor
final class TimerQueue {
    private var heap: [ReactorTimer] = []
    private var cancelled = 0

    nonisolated init() {}

    var count: Int { heap.count - cancelled }

    /// Deadline of the next live timer, in nanoseconds of the monotonic clock.
    var nextDeadline: UInt64? {
        dropCancelledHead()
        return heap.first?.deadline
    }

    func add(deadline: UInt64, _ body: @escaping @Reactor () -> Void) -> ReactorTimer {
        let timer = ReactorTimer(deadline: deadline, queue: self, body: body)
        heap.append(timer)
        siftUp(heap.count - 1)
        return timer
    }

    /// Removes and returns the first timer that is due at `now`.
    func popDue(at now: UInt64) -> ReactorTimer? {
        dropCancelledHead()
        guard let first = heap.first, first.deadline <= now else { return nil }
        removeFirst()
        first.isQueued = false
        return first
    }

    func timerWasCancelled() {
        cancelled += 1
        guard cancelled > 64, cancelled > heap.count / 2 else { return }
        heap.removeAll { $0.isCancelled }
        cancelled = 0
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }

    private func dropCancelledHead() {
        while let first = heap.first, first.isCancelled {
            removeFirst()
            cancelled -= 1
        }
    }

    private func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(0)
    }

    private func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func siftDown(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[left].deadline < heap[smallest].deadline { smallest = left }
            if left + 1 < heap.count, heap[left + 1].deadline < heap[smallest].deadline { smallest = left + 1 }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
