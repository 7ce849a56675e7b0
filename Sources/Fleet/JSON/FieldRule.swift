/// What one field may hold. Workers add rules of their own for values such as article numbers.
public protocol FieldRule {
    associatedtype Value
    /// Stands in for a value that was refused; it never gets past `Fields.finish()`.
    var placeholder: Value { get }
    /// Completes "expected …": for instance "an integer from 1 to 1000".
    var expectation: String { get }
    func read(_ value: JSONValue) -> FieldReading<Value>
}

/// What a rule makes of a value.
public enum FieldReading<Value> {
    case accepted(Value)
    /// The message is made of the rule's expectation and the value.
    case refused
    /// The message is the given one.
    case refusedBecause(String)
}
