import FoundationEssentials
import Worker

/// Puts entries in order: by time, and never an effect before its cause, even where clocks of machines differ.
struct TimelineOrder {
    private let entries: [TimelineEntry]
    /// Where the entry of each event is.
    private var events: [UUID: Int] = [:]
    /// Where the entry is that says that a worker got an event.
    private var deliveries: [Receipt: Int] = [:]
    private var keys: [Key?]

    private struct Receipt: Hashable {
        let worker: String
        let eventId: UUID
    }

    /// Time, then how many causes came before.
    private struct Key: Comparable {
        let at: Int64
        let depth: Int

        static func < (one: Key, other: Key) -> Bool { (one.at, one.depth) < (other.at, other.depth) }
    }

    /// - Parameter parts: the workers' entries, without commands: those are made of the events here.
    static func sorted(_ parts: [TimelineEntry]) -> [TimelineEntry] {
        var order = TimelineOrder(parts)
        var result: [(key: Key, place: Int, entry: TimelineEntry)] = []
        var commands: Set<String> = []
        for (index, entry) in parts.enumerated() {
            let key = order.key(of: index, limit: 100)
            // A command that appended several events is one.
            if let command = entry.command,
                commands.insert("\(command.name) \(entry.detail["requestId"]?.string ?? "\(index)")").inserted
            {
                result.append((Key(at: key.at, depth: key.depth - 1), index, command))
            }
            result.append((key, index, entry))
        }
        return result.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.entry)
    }

    private init(_ entries: [TimelineEntry]) {
        self.entries = entries
        keys = Array(repeating: nil, count: entries.count)
        for (index, entry) in entries.enumerated() {
            if let id = entry.eventId { events[id] = index }
            if entry.kind == "delivery", let id = entry.causedBy {
                deliveries[Receipt(worker: entry.worker, eventId: id)] = index
            }
        }
    }

    /// - Parameter limit: how many causes are followed; what workers say may go in a circle.
    private mutating func key(of index: Int, limit: Int) -> Key {
        if let known = keys[index] { return known }
        let entry = entries[index]
        let cause = entry.causedBy.flatMap { id in
            entry.kind == "delivery"
                ? events[id] : deliveries[Receipt(worker: entry.worker, eventId: id)] ?? events[id]
        }
        var result = Key(at: entry.at, depth: 1)
        if let cause, cause != index, limit > 0 {
            let before = key(of: cause, limit: limit - 1)
            result = Key(at: max(entry.at, before.at), depth: before.depth + 2)
        }
        keys[index] = result
        return result
    }
}
