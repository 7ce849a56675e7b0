/// Reads the members of an object by name and type and collects everything that is wrong, so that a sender learns it all at
/// once. Accessors never throw: they note the fault and return a harmless placeholder. `finish()` throws what was noted, unknown
/// members included. Null is no value: a field that is optional is left out instead.
///
///     var fields = Fields(document)
///     let email = fields.email("email")
///     let quantity = fields.integer("quantity", in: 1...1000)
///     try fields.finish()
public struct Fields {
    let object: JSONObject
    /// Set when there is no object to read; the one error about that is enough.
    private let isMuted: Bool
    private var asked = AskedMembers()
    private var next = 0
    var problems = ValidationError([])
    /// Members that nobody asked for in objects within this one.
    var unknown = ValidationError([])

    public init(_ value: JSONValue) {
        if case .object(let object) = value {
            self.object = object
            isMuted = false
        } else {
            object = JSONObject()
            isMuted = true
            problems.append(FieldError(pointer: "", message: "expected an object, got \(value.echo)"))
        }
    }

    init(muted: ()) {
        object = JSONObject()
        isMuted = true
    }

    /// Reads a whole document: creates the fields, runs the body and finishes.
    public static func read<T>(_ value: JSONValue, _ body: (inout Fields) -> T) throws(ValidationError) -> T {
        var fields = Fields(value)
        let result = body(&fields)
        try fields.finish()
        return result
    }

    /// Whether there is such a member; does not count as having asked for it.
    public func has(_ name: String) -> Bool {
        object.index(of: name, startingAt: next) != nil
    }

    /// Throws all that was noted, and every member that nobody asked for.
    public func finish() throws(ValidationError) {
        var all = problems
        all.append(allUnknown(), under: "")
        guard all.errors.isEmpty else { throw all }
    }

    /// Notes a fault that only the caller can see, for instance one between two fields.
    public mutating func refuse(_ name: String, _ message: String) {
        guard !isMuted else { return }
        problems.append(FieldError(pointer: "/" + name.pointerToken, message: message))
    }

    /// A field that must be there.
    public mutating func value<Rule: FieldRule>(_ name: String, _ rule: Rule) -> Rule.Value {
        guard let value = take(name) else {
            refuse(name, "is missing; expected \(rule.expectation)")
            return rule.placeholder
        }
        return read(value, rule, at: name) ?? rule.placeholder
    }

    /// A field that may be left out.
    public mutating func optionalValue<Rule: FieldRule>(_ name: String, _ rule: Rule) -> Rule.Value? {
        guard let value = take(name) else { return nil }
        return read(value, rule, at: name)
    }

    mutating func take(_ name: String) -> JSONValue? {
        guard let index = object.index(of: name, startingAt: next) else { return nil }
        next = index + 1
        asked.insert(index)
        return object.members[index].value
    }

    /// Members that nobody asked for, here and in objects within.
    func allUnknown() -> ValidationError {
        guard !isMuted, !asked.isComplete(object.count) else { return unknown }
        var result = unknown
        for (index, member) in object.members.enumerated() where !asked.contains(index) {
            result.append(FieldError(pointer: "/" + member.name.pointerToken, message: "unknown field"))
        }
        return result
    }

    private mutating func read<Rule: FieldRule>(_ value: JSONValue, _ rule: Rule, at name: String) -> Rule.Value? {
        switch rule.read(value) {
        case .accepted(let value): return value
        case .refused: refuse(name, "expected \(rule.expectation), got \(value.echo)")
        case .refusedBecause(let message): refuse(name, message)
        }
        return nil
    }
}

/// Which members have been asked for.
private struct AskedMembers {
    private var first: UInt64 = 0
    private var others: Set<Int> = []

    mutating func insert(_ index: Int) {
        if index < 64 { first |= 1 << UInt64(index) } else { others.insert(index) }
    }

    func contains(_ index: Int) -> Bool {
        index < 64 ? first & 1 << UInt64(index) != 0 : others.contains(index)
    }

    func isComplete(_ count: Int) -> Bool {
        first.nonzeroBitCount + others.count == count
    }
}

extension String {
    /// Escaped by RFC 6901, cut and cleaned, because names come from the sender.
    package var pointerToken: String {
        var result = ""
        for scalar in unicodeScalars.prefix(64) {
            switch scalar {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }
}
