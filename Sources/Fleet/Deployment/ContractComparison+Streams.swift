import Contracts

extension ContractComparison {
    mutating func compareStreams() {
        switch (old.stream, new.stream) {
        case (nil, nil): return
        case (nil, let stream?): note(.stream(stream.name), "is new")
        case (let stream?, nil): note(.stream(stream.name), "is gone", breaks: true)
        case (let before?, let after?): compare(before, after)
        }
    }

    private mutating func compare(_ before: EventStream, _ after: EventStream) {
        let stream = ContractChange.Subject.stream(after.name)
        if before.name != after.name { note(stream, "was called \(before.name)", breaks: true) }
        if before.prefix != after.prefix {
            note(stream, "subjects begin with \(after.prefix), was \(before.prefix)", breaks: true)
        }
        // The same aggregate would go to another partition.
        if before.partitions != after.partitions {
            note(stream, "\(after.partitions) partitions, were \(before.partitions)", breaks: true)
        }
        if before.aggregate != after.aggregate {
            note(stream, "its events are about \(after.aggregate), was \(before.aggregate)", breaks: true)
        }
        if before.retention != after.retention {
            note(stream, "keeps events for \(after.retention.words), was \(before.retention.words)")
        }
        if before.replicas != after.replicas {
            note(stream, "\(after.replicas) replicas, were \(before.replicas)")
        }
        if before.duplicateWindow != after.duplicateWindow {
            note(
                stream,
                "remembers message ids for \(after.duplicateWindow.words), was \(before.duplicateWindow.words)")
        }
        let schemas = SchemaComparison(old: old, new: new)
        for type in before.types {
            let event = ContractChange.Subject.event(after.name, type: type.name)
            guard let other = after.type(named: type.name) else {
                note(event, "is gone", breaks: true)
                continue
            }
            note(event, .payload, schemas.changes(type.payload, other.payload))
            if type.description != other.description { note(event, "another description") }
        }
        for type in after.types where before.type(named: type.name) == nil {
            note(.event(after.name, type: type.name), "is new")
        }
    }
}
