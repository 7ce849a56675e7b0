import JSON

/// One walk through two schema documents side by side.
struct SchemaWalk {
    private let old: [String: JSONValue]
    private let new: [String: JSONValue]
    private var changes: [SchemaChange] = []
    private var hasOtherWords = false
    /// Pairs of references that are being compared: schemas may refer to themselves.
    private var open: Set<[String]> = []

    init(old: [String: JSONValue], new: [String: JSONValue]) {
        self.old = old
        self.new = new
    }

    /// Descriptions and examples count once, however many there are.
    var found: [SchemaChange] {
        guard hasOtherWords else { return changes }
        return changes + [SchemaChange(pointer: "", words: "other descriptions or examples", effect: .harmless)]
    }

    mutating func note(_ pointer: String, _ words: String, _ effect: SchemaChange.Effect) {
        changes.append(SchemaChange(pointer: pointer, words: words, effect: effect))
    }

    mutating func compare(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        compareWords(before, after)
        let names = [before.reference ?? "", after.reference ?? ""]
        if names.contains(where: { !$0.isEmpty }) {
            guard open.insert(names).inserted else { return }
            let (left, right) = (Self.resolve(before, old), Self.resolve(after, new))
            compareWords(left, right)
            compareResolved(left, right, at: pointer)
            open.remove(names)
        } else {
            compareResolved(before, after, at: pointer)
        }
    }

    /// References to references are allowed, circles of them are not: the compiler has seen to it.
    static func resolve(_ document: JSONValue, _ definitions: [String: JSONValue]) -> JSONValue {
        var document = document
        for _ in 0...definitions.count {
            guard let name = document.reference, let next = definitions[name] else { return document }
            document = next
        }
        return document
    }

    func resolved(_ before: JSONValue, _ after: JSONValue) -> (JSONValue, JSONValue) {
        (Self.resolve(before, old), Self.resolve(after, new))
    }

    private mutating func compareWords(_ before: JSONValue, _ after: JSONValue) {
        for key in ["title", "description", "examples", "deprecated"] where before[key] != after[key] {
            // A reference has no words of its own unless it says so.
            if (before.reference == nil) == (after.reference == nil) { hasOtherWords = true }
        }
    }

    private mutating func compareResolved(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        guard compareTypes(before, after, at: pointer) else { return }
        compareChoices(before, after, at: pointer)
        compareLimits(before, after, at: pointer)
        if before["default"] != after["default"] {
            note(
                pointer,
                "default \(after["default"]?.description ?? "none"), was \(before["default"]?.description ?? "none")",
                .harmless)
        }
        compareMembers(before, after, at: pointer)
        switch (before["items"], after["items"]) {
        case (nil, nil): break
        case (nil, _?): note("\(pointer)/items", "elements have a schema now", .narrowed)
        case (_?, nil): note("\(pointer)/items", "elements may be anything", .widened)
        case (let before?, let after?): compare(before, after, at: "\(pointer)/items")
        }
        compareBranches(before, after, at: pointer)
    }

    /// - Returns: whether there is a sense in comparing more.
    private mutating func compareTypes(_ before: JSONValue, _ after: JSONValue, at pointer: String) -> Bool {
        if (before["oneOf"] == nil) != (after["oneOf"] == nil) {
            note(pointer, after["oneOf"] == nil ? "no longer a choice of objects" : "a choice of objects now", .changed)
            return false
        }
        switch (before["type"]?.string, after["type"]?.string) {
        case (let before, let after) where before == after: return true
        case ("integer"?, "number"?):
            note(pointer, "type number, was integer", .widened)
            return true
        case ("number"?, "integer"?):
            note(pointer, "type integer, was number", .narrowed)
            return true
        case (nil, let type?):
            note(pointer, "type \(type), was any", .narrowed)
            return false
        case (let type?, nil):
            note(pointer, "any type, was \(type)", .widened)
            return false
        case (let before, let after):
            note(pointer, "type \(after ?? "any"), was \(before ?? "any")", .changed)
            return false
        }
    }
}

extension JSONValue {
    /// The name that a `$ref` refers to.
    fileprivate var reference: String? {
        let prefix = "#/schemas/"
        guard let text = self["$ref"]?.string, text.hasPrefix(prefix) else { return nil }
        return String(text.dropFirst(prefix.count))
    }
}
