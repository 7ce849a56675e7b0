public import FoundationEssentials

/// What knows how to be one JSON value. An enum with text cases needs to declare no more than the conformance.
public protocol JSONWritable {
    /// Appends exactly one value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable where Self: RawRepresentable, RawValue == String {
    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}

extension String: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Int: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.int(self) }
}

extension Int32: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.int(Int64(self)) }
}

extension UInt64: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.int(self) }
}

extension Int64: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.int(self) }
}

extension UUID: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.uuid(self) }
}

extension Timestamp: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.timestamp(self) }
}

extension Currency: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.string(code) }
}

/// The amount alone, as an exact decimal number; the currency is a member of its own.
extension Money: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.decimal(minorUnits: minorUnits, scale: currency.exponent)
    }
}

extension JSONNumber: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.number(self) }
}

extension JSONValue: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}

extension JSONObject: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.value(.object(self)) }
}

extension Array: JSONWritable where Element: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}
