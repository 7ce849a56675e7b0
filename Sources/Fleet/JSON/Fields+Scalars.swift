public import FoundationEssentials

extension Fields {
    public mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64 {
        value(name, IntegerRule(range: range))
    }

    public mutating func optionalInteger(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        optionalValue(name, IntegerRule(range: range))
    }

    public mutating func bool(_ name: String) -> Bool {
        value(name, BoolRule())
    }

    public mutating func optionalBool(_ name: String) -> Bool? {
        optionalValue(name, BoolRule())
    }

    public mutating func uuid(_ name: String) -> UUID {
        value(name, UUIDRule())
    }

    public mutating func optionalUUID(_ name: String) -> UUID? {
        optionalValue(name, UUIDRule())
    }

    /// One of the cases of an enum, by its raw value.
    public mutating func choice<E: RawRepresentable<String> & CaseIterable>(_ name: String, of type: E.Type) -> E {
        value(name, ChoiceRule<E>())
    }

    public mutating func optionalChoice<E: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: E.Type
    ) -> E? {
        optionalValue(name, ChoiceRule<E>())
    }

    /// An RFC 3339 date-time.
    public mutating func timestamp(_ name: String) -> Timestamp {
        value(name, TimestampRule())
    }

    public mutating func optionalTimestamp(_ name: String) -> Timestamp? {
        optionalValue(name, TimestampRule())
    }

    /// Whatever is there, as it is; null when the field is missing, which is noted.
    public mutating func json(_ name: String) -> JSONValue {
        value(name, AnyRule())
    }

    public mutating func optionalJSON(_ name: String) -> JSONValue? {
        optionalValue(name, AnyRule())
    }
}

/// An exact integer; `3.0` is one.
public struct IntegerRule: FieldRule {
    public let range: ClosedRange<Int64>

    public init(range: ClosedRange<Int64>) {
        self.range = range
    }

    public var placeholder: Int64 { range.lowerBound }

    public var expectation: String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "an integer"
        case (let lowest, .max): "an integer of at least \(lowest)"
        case (.min, let highest): "an integer of at most \(highest)"
        case (let lowest, let highest): "an integer from \(lowest) to \(highest)"
        }
    }

    public func read(_ value: JSONValue) -> FieldReading<Int64> {
        guard let integer = value.int64, range.contains(integer) else { return .refused }
        return .accepted(integer)
    }
}

public struct BoolRule: FieldRule {
    public init() {}

    public var placeholder: Bool { false }
    public var expectation: String { "true or false" }

    public func read(_ value: JSONValue) -> FieldReading<Bool> {
        value.bool.map { .accepted($0) } ?? .refused
    }
}

public struct UUIDRule: FieldRule {
    public init() {}

    public var placeholder: UUID { UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
    public var expectation: String { "a UUID" }

    public func read(_ value: JSONValue) -> FieldReading<UUID> {
        guard case .string(let text) = value, let uuid = UUID(text: text) else { return .refused }
        return .accepted(uuid)
    }
}

/// One of the cases of an enum with text cases.
public struct ChoiceRule<Choice: RawRepresentable<String> & CaseIterable>: FieldRule {
    public init() {}

    /// A raw type needs at least one case, so that there is a first.
    public var placeholder: Choice { Choice.allCases[Choice.allCases.startIndex] }

    public var expectation: String { "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))" }

    public func read(_ value: JSONValue) -> FieldReading<Choice> {
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else { return .refused }
        return .accepted(choice)
    }
}

public struct TimestampRule: FieldRule {
    public init() {}

    public var placeholder: Timestamp { Timestamp(microseconds: 0) }
    public var expectation: String { "an RFC 3339 date-time such as \"2026-01-31T12:00:00Z\"" }

    public func read(_ value: JSONValue) -> FieldReading<Timestamp> {
        guard case .string(let text) = value, let moment = Timestamp(text: text) else { return .refused }
        return .accepted(moment)
    }
}

/// Any value, null included.
public struct AnyRule: FieldRule {
    public init() {}

    public var placeholder: JSONValue { .null }
    public var expectation: String { "a value" }
    public func read(_ value: JSONValue) -> FieldReading<JSONValue> { .accepted(value) }
}
