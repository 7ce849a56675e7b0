/// Elements in the order in which they fall due; equal times keep the order of insertion. A binary heap.
struct DueQueue<Element> {
    private struct Entry {
        var due: ContinuousClock.Instant
        var sequence: Int
        var element: Element

        func isBefore(_ other: Entry) -> Bool { (due, sequence) < (other.due, other.sequence) }
    }

    private var heap: [Entry] = []
    private var sequence = 0

    var count: Int { heap.count }
    var nextDue: ContinuousClock.Instant? { heap.first?.due }

    mutating func insert(_ element: Element, due: ContinuousClock.Instant) {
        heap.append(Entry(due: due, sequence: sequence, element: element))
        sequence += 1
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The first element whose time has come by `now`.
    mutating func pop(by now: ContinuousClock.Instant) -> Element? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.element }
        heap[0] = last
        sink()
        return first.element
    }

    /// Everything, due or not.
    mutating func popAll() -> [Element] {
        var elements: [Element] = []
        while let due = nextDue, let element = pop(by: due) { elements.append(element) }
        return elements
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least])
            {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
