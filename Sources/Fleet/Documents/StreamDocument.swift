import Contracts
import JSON
import Schema

/// The events of one worker in the AsyncAPI document: a channel for each type.
struct StreamDocument {
    let stream: EventStream
    let schemas: ComponentSchemas

    var channels: [JSONObject.Member] {
        stream.types.map { .init(name: Self.key($0, of: stream), value: channel($0)) }
    }

    /// The worker emits every one of them.
    var sends: [JSONObject.Member] {
        stream.types.map { Self.operation("send", by: stream.worker, $0, of: stream) }
    }

    /// What a worker does with events of a type.
    static func operation(
        _ action: String, by worker: String, _ type: EventType, of stream: EventStream
    ) -> JSONObject.Member {
        let key = key(type, of: stream)
        return .init(
            name: "\(worker):\(action):\(key)",
            value: [
                "action": .string(action), "title": .string("\(worker): \(action) \(type.name)"),
                "channel": .reference("#/channels/\(key)"), "tags": [["name": .string(worker)]],
                "messages": [.reference("#/channels/\(key)/messages/\(type.name)")],
            ])
    }

    /// No subject of an endpoint begins with a capital, so that the two never meet.
    private static func key(_ type: EventType, of stream: EventStream) -> String { "\(stream.name).\(type.name)" }

    private func channel(_ type: EventType) -> JSONValue {
        [
            "address": .string("\(stream.prefix).{partition}.{aggregateId}.\(type.name)"),
            "description": .string(type.description), "messages": [type.name: message(type)],
            "parameters": [
                "partition": [
                    "description": .string(
                        "0 to \(stream.partitions - 1): FNV-1a (64 bits) over the 36 lowercase characters of the id, "
                            + "modulo \(stream.partitions)."),
                    "examples": ["0"],
                ],
                "aggregateId": [
                    "description": .string("The id of what the event is about (\(stream.aggregate)), a UUID.")
                ],
            ],
            "x-stream": [
                "name": .string(stream.name), "retention": .string(stream.retention.text),
                "partitions": .number(stream.partitions), "replicas": .number(stream.replicas),
                "duplicateWindow": .string(stream.duplicateWindow.text),
            ],
        ]
    }

    private func message(_ type: EventType) -> JSONValue {
        let examples = type.payload?.examples ?? []
        return .members([
            "name": .string(type.name), "title": .string(type.name), "summary": .string(type.description),
            "contentType": "application/json", "headers": MessageHeaders.event(type, of: stream),
            "payload": type.payload.map { schemas.schema($0.document, of: stream.worker) },
            "examples": examples.isEmpty ? nil : .array(examples.map { ["payload": $0] }),
        ])
    }
}
