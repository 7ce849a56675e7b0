import FoundationEssentials
import JSON
import NATS
import Reactor

/// One delivery of an event from a stream: the event, and the message to settle.
@Reactor
struct Delivery {
    let event: ReceivedEvent
    let message: JetStreamMessage

    /// - Throws: ``MalformedEvent`` when the message is not one of our events.
    init(_ message: JetStreamMessage) throws(MalformedEvent) {
        let raw = message.message
        func header(_ name: String) throws(MalformedEvent) -> String {
            guard let value = raw.header(name) else {
                throw MalformedEvent(description: "\(raw.subject): the header \(name) is missing")
            }
            return value
        }
        func uuid(_ name: String) throws(MalformedEvent) -> UUID {
            let text = try header(name)
            guard let uuid = UUID(text: text) else {
                throw MalformedEvent(description: "\(raw.subject): the header \(name) is no UUID")
            }
            return uuid
        }
        guard let version = Int64(try header("ce-sequence")), version > 0 else {
            throw MalformedEvent(description: "\(raw.subject): the header ce-sequence is no version")
        }
        event = ReceivedEvent(
            id: try uuid("ce-id"), type: try header("ce-type"), aggregateId: try uuid("ce-subject"), version: version,
            time: Timestamp(text: try header("ce-time")) ?? .now(), body: raw.body,
            trace: raw.header(MessageHeader.trace))
        self.message = message
    }
}
