extension JSONWriter {
    /// One member: `writer.field("total", money)`.
    @inlinable
    public mutating func field(_ name: String, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    /// One member whose value is null when there is none.
    @inlinable
    public mutating func field(_ name: String, _ value: (some JSONWritable)?) {
        key(name)
        if let value { value.write(to: &self) } else { null() }
    }

    /// One member, left out when there is no value.
    @inlinable
    public mutating func fieldIfPresent(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return }
        field(name, value)
    }

    /// One member that is an exact decimal number.
    public mutating func field(_ name: String, minorUnits: Int64, scale: Int) {
        key(name)
        decimal(minorUnits: minorUnits, scale: scale)
    }

    /// One member whose value is JSON already.
    public mutating func field(_ name: String, raw json: [UInt8]) {
        key(name)
        raw(json)
    }

    /// One member that is an object: `writer.object("address") { $0.field("city", city) }`.
    @inlinable
    public mutating func object<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(body)
    }

    /// One member that is an array.
    @inlinable
    public mutating func array<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(body)
    }

    /// One member that is an array with an object for each element.
    @inlinable
    public mutating func objects<Elements: Sequence, Failure: Error>(
        _ name: String, _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            try body(&self, element)
            endObject()
        }
        endArray()
    }
}
