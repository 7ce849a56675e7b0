import FoundationEssentials
import Worker

/// One thing that happened around an order, at one worker.
struct TimelineEntry: Sendable {
    let worker: String
    /// command, event, delivery, dead-letter, step, mail, and what payments and inventory add, such as call and webhook.
    let kind: String
    let name: String
    /// Microseconds since 1970.
    let at: Int64
    /// An event's id.
    let eventId: UUID?
    /// The event that this came of.
    let causedBy: UUID?
    /// W3C trace context, `00-<trace>-<span>-<flags>`.
    let trace: String?
    let detail: JSONObject

    init(
        worker: String, kind: String, name: String, at: Int64, eventId: UUID? = nil, causedBy: UUID? = nil,
        trace: String? = nil, detail: JSONObject
    ) {
        self.worker = worker
        self.kind = kind
        self.name = name
        self.at = at
        self.eventId = eventId
        self.causedBy = causedBy
        self.trace = trace
        self.detail = detail
    }

    /// The entries of a worker's part.
    /// - Throws: when it is no such part.
    static func entries(_ part: [UInt8], of worker: String) throws -> [TimelineEntry] {
        var fields = Fields(try JSONReader.parse(part, limits: JSONLimits(bytes: 16 << 20)))
        let entries = fields.array("entries", count: 0...Int.max) { entry in
            let detail = entry.json("detail").object ?? JSONObject()
            let (eventId, causedBy) = (entry.optionalUUID("eventId"), entry.optionalUUID("causedBy"))
            return TimelineEntry(
                worker: worker, kind: entry.string("kind"), name: entry.string("name"),
                at: entry.integer("at", in: Int64.min...Int64.max), eventId: eventId,
                causedBy: causedBy ?? detail["causedBy"]?.string.flatMap { UUID(text: $0) },
                trace: entry.optionalString("trace") ?? detail["trace"]?.string, detail: detail)
        }
        try fields.finishIgnoringUnknown()
        return entries
    }

    /// The trace's id alone.
    var traceId: String? {
        let parts = trace?.split(separator: "-") ?? []
        return parts.count == 4 ? String(parts[1]) : nil
    }

    /// The command that appended an event, as an entry of its own; it came right before.
    var command: TimelineEntry? {
        guard kind == "event", let name = detail["command"]?.string else { return nil }
        var told = JSONObject()
        for member in ["actor", "requestId"] { told[member] = detail[member] }
        return TimelineEntry(worker: worker, kind: "command", name: name, at: at, trace: trace, detail: told)
    }
}
