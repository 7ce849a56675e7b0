import FoundationEssentials
import JSON
import NATS
import Postgres
import Reactor

/// A message that cannot be handled, kept whole so that it can be looked at and replayed.
struct DeadLetter {
    private static let insert: Statement = """
        INSERT INTO dead_letters
            (id, stream, subject, consumer, event_id, aggregate_id, version, body, headers, error, deliveries)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """

    @Reactor
    static func insertion(
        of message: JetStreamMessage, event: ReceivedEvent?, stream: String, consumer: String, error: any Error
    ) -> Query {
        let headers = JSONWriter.object { json in
            var seen: Set<String> = []
            for (name, value) in message.message.headers where seen.insert(name).inserted { json.field(name, value) }
        }
        return Query(
            insert, .uuid(UUIDv7.next()), .text(stream), .text(message.message.subject), .text(consumer),
            .uuid(event?.id), .uuid(event?.aggregateId), .int(event?.version), .bytes(message.message.body),
            .json(headers), .text(String("\(error)".prefix(2_000))), .int(Int64(message.deliveries)))
    }
}
