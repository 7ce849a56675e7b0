/// Messages that were read and wait for their handlers, in order.
struct Backlog {
    typealias Item = (subscription: NATSSubscription, message: NATSMessage)

    private var items: [Item?] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ subscription: NATSSubscription, _ message: NATSMessage) {
        items.append((subscription, message))
    }

    mutating func popFirst() -> Item? {
        guard head < items.count else { return nil }
        let item = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: head <= 4_096)
            head = 0
        } else if head >= 1_024, head > items.count / 2 {
            items.removeFirst(head)
            head = 0
        }
        return item
    }
}
