import JSON
import Schema

/// The schemas that a service announces for all its endpoints (`schemas` in its metadata, a JSON object as text), which
/// those of the endpoints refer to as `#/schemas/Name`. Only sound ones are kept.
struct AnnouncedDefinitions: Sendable {
    /// Longest text of all of them, in bytes.
    static let maxBytes = 128 << 10
    static let maxCount = 256
    /// How often what is unsound is taken out before nothing is kept.
    private static let maxRounds = 6

    struct Definition: Sendable {
        let document: JSONValue
        /// Names of others that it refers to.
        let refers: Set<String>
        let bytes: Int

        init(_ document: JSONValue) {
            self.document = document
            refers = document.referredDefinitions
            bytes = document.bytes.count
        }
    }

    /// By name.
    private(set) var all: [String: Definition] = [:]
    /// What is not kept, and why.
    private(set) var faults: [String] = []

    /// - Parameter announced: the member of the metadata; nil without one.
    init(_ announced: JSONValue?) {
        guard let announced else { return }
        guard let text = announced.string, text.utf8.count <= Self.maxBytes else {
            faults.append("the metadata schemas is no text of at most \(Self.maxBytes >> 10) KiB")
            return
        }
        let object: JSONObject
        do {
            guard let parsed = try JSONReader.parse(text).object else {
                faults.append("the metadata schemas is no JSON object as text")
                return
            }
            object = parsed
        } catch {
            faults.append("the metadata schemas is no JSON that is taken: \("\(error)".prefix(200))")
            return
        }
        guard object.count <= Self.maxCount else {
            faults.append("it has \(object.count) schemas; \(Self.maxCount) are taken")
            return
        }
        for member in object.members {
            guard AnnouncementGrammar.isMemberName(member.name) else {
                faults.append("\(member.name.echo) is no name of a schema")
                continue
            }
            guard member.value.isModest else {
                faults.append("the schema \(member.name) has too many members")
                continue
            }
            all[member.name] = Definition(member.value.schema(without: JSONValue.keywordsWithoutEffect))
        }
        keepSound()
    }

    /// Those that these refer to, directly or through others, themselves included.
    func closure(of names: Set<String>) -> [String: Definition] {
        var closure: [String: Definition] = [:]
        var open = names
        while let name = open.popFirst() {
            guard closure[name] == nil, let definition = all[name] else { continue }
            closure[name] = definition
            open.formUnion(definition.refers)
        }
        return closure
    }

    // MARK: - Soundness

    /// Compiles all at once, so that each is read once a round. What is wrong with one costs its annotations first, then
    /// it and whoever refers to it.
    private mutating func keepSound() {
        var bare: Set<String> = []
        for _ in 0..<Self.maxRounds {
            let unsound = unsound()
            guard !unsound.isEmpty else { return }
            for (name, reason) in unsound.sorted(by: { $0.key < $1.key }) {
                guard let definition = all[name] else { continue }
                if bare.insert(name).inserted {
                    all[name] = Definition(definition.document.schema(without: JSONValue.annotations))
                } else {
                    remove(name, reason)
                }
            }
        }
        guard !unsound().isEmpty else { return }
        faults.append("its schemas have too many faults")
        all = [:]
    }

    private mutating func remove(_ name: String, _ reason: String) {
        var gone: Set<String> = [name]
        var open = [name]
        while let next = open.popLast() {
            all[next] = nil
            for (other, definition) in all where definition.refers.contains(next) && gone.insert(other).inserted {
                open.append(other)
            }
        }
        let others = gone.count == 1 ? "" : ", nor are \(gone.count - 1) that refer to it"
        faults.append("the schema \(name) is not taken\(others): \(reason.prefix(200))")
    }

    /// The first fault of each.
    private func unsound() -> [String: String] {
        let names = all.keys.sorted()
        let properties = names.map { JSONObject.Member(name: $0, value: ["$ref": .string("#/schemas/\($0)")]) }
        do {
            _ = try JSONSchema(
                ["type": "object", "properties": .object(JSONObject(properties))],
                definitions: all.mapValues(\.document))
            return [:]
        } catch {
            var unsound: [String: String] = [:]
            for fault in error.faults {
                let parts = fault.pointer.split(separator: "/", maxSplits: 2)
                let name = parts.count > 1 && parts[0] == "schemas" ? String(parts[1]) : names.first ?? ""
                if unsound[name] == nil { unsound[name] = "\(fault)" }
            }
            return unsound
        }
    }
}
