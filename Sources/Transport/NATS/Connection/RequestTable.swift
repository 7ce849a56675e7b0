/// Requests that wait for a reply, by the token at the end of their reply subject.
///
/// Deadlines are only looked at when the earliest of them has come: nearly every request is answered long before, so
/// starting and ending one costs no timer.
struct RequestTable {
    typealias Reply = Result<NATSMessage, NATSError>
    /// Index below, generation above: a late reply finds nothing, not another request.
    typealias Identifier = UInt64

    enum Waiter {
        case one(UnsafeContinuation<Reply, Never>)
        case many(ReplyGatherer)
    }

    private enum State {
        case free(next: Int)
        /// Sent, nobody waits yet: the sender may have to be scheduled once more before it does.
        case reserved
        /// Over before anybody waited.
        case over(Reply)
        case waiting(Waiter)
    }

    private struct Slot {
        var generation: UInt32
        var deadline: UInt64
        var subject: String
        var state: State
    }

    private var slots: [Slot] = []
    private var firstFree = -1
    private(set) var count = 0
    let limit: Int

    private static let indexBits: UInt64 = 20
    private static let generationMask: UInt32 = (1 << 28) - 1

    init(limit: Int) { self.limit = min(limit, 1 << Int(Self.indexBits)) }

    /// A slot for a request about to be sent; nil when the table is full.
    mutating func reserve(subject: String, deadline: UInt64) -> Identifier? {
        guard count < limit else { return nil }
        count += 1
        let index: Int
        if firstFree >= 0, case .free(let next) = slots[firstFree].state {
            index = firstFree
            firstFree = next
            slots[index].deadline = deadline
            slots[index].subject = subject
            slots[index].state = .reserved
        } else {
            index = slots.count
            slots.append(Slot(generation: 1, deadline: deadline, subject: subject, state: .reserved))
        }
        return UInt64(slots[index].generation) << Self.indexBits | UInt64(index)
    }

    /// Hands over who waits for the reply; returns the outcome when it is there already, and then forgets the request.
    mutating func wait(_ identifier: Identifier, _ waiter: Waiter) -> Reply? {
        guard let index = index(of: identifier) else { return .failure(NATSError(.closed, "the request is over")) }
        if case .over(let reply) = slots[index].state {
            release(index)
            return reply
        }
        slots[index].state = .waiting(waiter)
        return nil
    }

    enum Recipient {
        /// Waits for it; the subject of the request is for the error's text.
        case waiter(Waiter, subject: String)
        /// Kept until the sender asks for it.
        case kept
        case nobody
    }

    /// Finds who gets `outcome`. A request for one reply is over with it.
    mutating func settle(_ identifier: Identifier, with outcome: (_ subject: String) -> Reply) -> Recipient {
        guard let index = index(of: identifier) else { return .nobody }
        switch slots[index].state {
        case .waiting(let waiter):
            let subject = slots[index].subject
            if case .one = waiter { release(index) }
            return .waiter(waiter, subject: subject)
        case .reserved:
            slots[index].state = .over(outcome(slots[index].subject))
            return .kept
        case .over, .free: return .nobody
        }
    }

    /// Takes a request out, whatever its state.
    mutating func remove(_ identifier: Identifier) {
        guard let index = index(of: identifier) else { return }
        release(index)
    }

    /// Ends all that `condition` picks by deadline and subject, with the error for their subject; returns who waits.
    mutating func endAll(
        where condition: (UInt64, String) -> Bool, _ error: (String) -> NATSError
    ) -> [(waiter: Waiter, error: NATSError)] {
        var ended: [(waiter: Waiter, error: NATSError)] = []
        for index in slots.indices {
            switch slots[index].state {
            case .waiting(let waiter) where condition(slots[index].deadline, slots[index].subject):
                ended.append((waiter, error(slots[index].subject)))
                release(index)
            case .reserved where condition(slots[index].deadline, slots[index].subject):
                slots[index].state = .over(.failure(error(slots[index].subject)))
            default: break
            }
        }
        return ended
    }

    var earliestDeadline: UInt64? {
        var earliest: UInt64?
        for slot in slots {
            switch slot.state {
            case .free, .over: continue
            case .reserved, .waiting: earliest = min(earliest ?? .max, slot.deadline)
            }
        }
        return earliest
    }

    private func index(of identifier: Identifier) -> Int? {
        let index = Int(identifier & (1 << Self.indexBits - 1))
        guard index < slots.count, UInt64(slots[index].generation) == identifier >> Self.indexBits else { return nil }
        if case .free = slots[index].state { return nil }
        return index
    }

    private mutating func release(_ index: Int) {
        slots[index].generation = (slots[index].generation &+ 1) & Self.generationMask
        slots[index].subject = ""
        slots[index].state = .free(next: firstFree)
        firstFree = index
        count -= 1
    }
}
