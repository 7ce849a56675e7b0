import JSON

extension ContractFile {
    func readStream(_ entry: Entry, worker: String?) -> EventStream? {
        guard var keys = Keys(entry, "a mapping that begins with \"name:\"") else { return nil }
        let name = keys.required("name", "a name such as ORDER_EVENTS")?
            .string("a name such as ORDER_EVENTS", where: Grammar.isConstantName)
        let prefix = keys.required("prefix", "the first token of the subjects, such as order-events")?
            .string(
                "a lowercase token such as order-events, not \(ReservedName.list)", where: Grammar.isStreamPrefix)
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
            guard var keys = Keys(value, "a mapping with description and payload") else { return nil }
            let description = keys.required("description", "a text")?.prose()
            let payload = keys.optional("payload").flatMap { readSchema($0) { Self.completed($0, type: name) } }
            keys.finish()
            return EventType(name: name, description: description ?? "", payload: payload)
        }
    }

    /// The payload with the two members that all events have.
    private static func completed(_ payload: JSONValue, type: String) -> JSONValue {
        guard case .object(var schema) = payload else { return payload }
        let name: JSONValue = .object(
            JSONObject([
                .init(name: "type", value: "string"), .init(name: "const", value: .string(type)),
                .init(name: "description", value: "the type of the event"),
            ]))
        let time: JSONValue = .object(
            JSONObject([
                .init(name: "type", value: "string"), .init(name: "format", value: "date-time"),
                .init(name: "description", value: "when it happened"),
            ]))
        let own = schema["properties"]?.object?.members ?? []
        schema["properties"] = .object(
            JSONObject([.init(name: "eventType", value: name)] + own + [.init(name: "timestamp", value: time)]))
        schema["examples"] = schema["examples"]?.array.map { examples in
            .array(
                examples.map { example in
                    guard case .object(let example) = example else { return example }
                    return .object(
                        JSONObject(
                            [.init(name: "eventType", value: .string(type))] + example.members
                                + [.init(name: "timestamp", value: "2026-01-31T12:00:00.000Z")]))
                })
        }
        schema["required"] = .array(["eventType"] + (schema["required"]?.array ?? []) + ["timestamp"])
        return .object(schema)
    }
}
