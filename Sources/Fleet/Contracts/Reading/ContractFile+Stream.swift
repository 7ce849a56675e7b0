extension ContractFile {
    func readStream(_ entry: Entry, worker: String?) -> EventStream? {
        guard var keys = Keys(entry, "a mapping that begins with \"name:\"") else { return nil }
        let name = keys.required("name", "a name such as ORDER_EVENTS")?
            .string("a name such as ORDER_EVENTS", where: Grammar.isConstantName)
        let prefix = keys.required("prefix", "the first token of the subjects, such as order-events")?
            .string("a token such as order-events", where: Grammar.isToken)
        let aggregate = keys.required("aggregate", "what the events are about, such as order")?
            .string("a name such as order", where: Grammar.isSlug)
        let partitions = keys.required("partitions", "an integer from 1 to 256")?.integer(1...256)
        let retention = keys.required("retention", "a duration such as 7d")?
            .duration(.seconds(3600)...(.seconds(3650 * 86_400)))
        let replicas = keys.optional("replicas").map { $0.integer(1...5) } ?? 3
        let windowEntry = keys.optional("duplicateWindow")
        let window = windowEntry.map { $0.duration(.seconds(600)...(.seconds(7 * 86_400))) } ?? .seconds(600)
        let types = keys.required("events", "a mapping from event types to what they mean").map(readEventTypes)
        keys.finish()
        if let window, let retention, window > retention {
            (windowEntry ?? entry).fail("the duplicate window is longer than the retention")
        }
        guard let worker, let name, let prefix, let aggregate, let partitions, let retention, let replicas, let window,
            let types
        else { return nil }
        return EventStream(
            worker: worker, name: name, prefix: prefix, aggregate: aggregate, partitions: partitions,
            retention: retention, replicas: replicas, duplicateWindow: window, types: types)
    }

    private func readEventTypes(_ entry: Entry) -> [EventType] {
        let pairs = entry.pairs("a mapping from event types to what they mean") ?? []
        if entry.isMapping, pairs.isEmpty { entry.fail("expected at least one event type") }
        return pairs.compactMap { name, mark, value in
            guard Grammar.isConstantName(name) else {
                fail(value.path, mark, "expected an event type such as ORDER_CREATED")
                return nil
            }
            guard var keys = Keys(value, "a mapping with description and fields") else { return nil }
            let description = keys.required("description", "a text")?.prose()
            let fields = keys.optional("fields").map(readEventFields) ?? []
            keys.finish()
            return EventType(name: name, description: description ?? "", fields: fields)
        }
    }

    private func readEventFields(_ entry: Entry) -> [EventField] {
        let pairs = entry.pairs("a mapping from fields to what they hold") ?? []
        return pairs.compactMap { name, mark, value in
            guard Grammar.isMemberName(name) else {
                fail(value.path, mark, "expected the name of a field such as orderId")
                return nil
            }
            return value.prose().map { EventField(name: name, description: $0) }
        }
    }
}
