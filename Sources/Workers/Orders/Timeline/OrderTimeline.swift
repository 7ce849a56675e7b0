import FoundationEssentials
import Worker

/// `orders.timeline`: everything that happened around an order at all workers, in order.
struct OrderTimeline: Sendable {
    /// How long the other workers may take.
    let limit: Duration

    /// A reply must fit into a message.
    private static let mostEntries = 2_000
    private static let others = ["inventory", "payments", "notifications"]
    static let calls = Set(others.map { "\($0).timeline" })

    private static let steps: Statement = """
        SELECT coalesce(done_at, since), 'step', step,
               json_strip_nulls(json_build_object(
                   'state', CASE WHEN done_at IS NULL THEN 'outstanding' ELSE done_by END, 'attempts', attempts,
                   'error', error))
        FROM saga_steps WHERE order_id = $1
        """

    var endpoint: Endpoint {
        Endpoint("orders.timeline") {
            $0.uuid("id")
        } _: { id, context in
            async let elsewhere = parts(of: id, context)
            let own = try await Timeline.part(of: id, [{ Query(Self.steps, .uuid($0)) }], context)
            var entries = try TimelineEntry.entries(own, of: "orders")
            let others = await elsewhere
            guard entries.contains(where: { $0.kind == "event" }) else { throw GetOrder.unknown(id) }
            for (_, part) in others { entries += part ?? [] }
            return reply(
                id, TimelineOrder.sorted(entries),
                incomplete: others.filter { $0.entries == nil }.map(\.worker).sorted())
        }
    }

    /// The others' parts, side by side; nil for one that did not answer in time.
    @Reactor
    private func parts(of id: UUID, _ context: Context) async -> [(worker: String, entries: [TimelineEntry]?)] {
        await withTaskGroup(of: (worker: String, entries: [TimelineEntry]?).self) { group in
            for worker in Self.others {
                group.addTask { (worker, await part(of: id, at: worker, context)) }
            }
            var parts: [(worker: String, entries: [TimelineEntry]?)] = []
            for await part in group { parts.append(part) }
            return parts
        }
    }

    @Reactor
    private func part(of id: UUID, at worker: String, _ context: Context) async -> [TimelineEntry]? {
        do {
            let reply = try await context.call(
                "\(worker).timeline", JSONWriter.object { $0.field("orderId", id) }, within: limit)
            return try TimelineEntry.entries(reply, of: worker)
        } catch {
            context.logger.info("timeline is incomplete", metadata: ["worker": "\(worker)", "error": "\(error)"])
            return nil
        }
    }

    private func reply(_ id: UUID, _ entries: [TimelineEntry], incomplete: [String]) -> Reply {
        Reply(
            JSONWriter.object(capacity: 512 * (entries.count + 1)) { json in
                json.field("orderId", id)
                json.objects("entries", entries.prefix(Self.mostEntries)) { json, entry in
                    json.field("at", Timestamp(microseconds: entry.at))
                    json.field("worker", entry.worker)
                    json.field("kind", entry.kind)
                    json.field("name", entry.name)
                    json.fieldIfPresent("traceId", entry.traceId)
                    json.field("detail", entry.detail)
                }
                json.field("incomplete", incomplete)
                if entries.count > Self.mostEntries { json.field("isTruncated", true) }
            })
    }
}
