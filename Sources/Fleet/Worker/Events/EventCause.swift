import FoundationEssentials
import JSON

/// Why an event was appended: who asked, by what, in which trace.
///
/// Kept in the event's row, for histories and timelines. Only the trace goes to the stream: who did something is the
/// business of the worker that let them, and streams are read by others.
struct EventCause: Sendable, Equatable {
    var trace: String?
    /// `customer:<id>`, `staff:<id>`; nil for the fleet itself.
    var actor: String?
    /// The subject of the command, `orders.cancel`.
    var command: String?
    var requestId: String?
    /// The name of the periodic task.
    var task: String?
    /// The event that was handled, and its type.
    var event: UUID?
    var eventType: String?

    /// What goes into the column `headers`.
    var headers: [UInt8] {
        JSONWriter.object { json in
            json.fieldIfPresent("traceparent", trace)
            json.fieldIfPresent("actor", actor)
            json.fieldIfPresent("command", command)
            // A client may choose it.
            json.fieldIfPresent("requestId", requestId.map { String($0.prefix(128)) })
            json.fieldIfPresent("task", task)
            json.fieldIfPresent("causedBy", event)
            json.fieldIfPresent("causedByType", eventType)
        }
    }
}
