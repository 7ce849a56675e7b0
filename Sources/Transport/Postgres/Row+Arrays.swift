public import FoundationEssentials

/// Arrays of one dimension without NULL elements: what the parameters can send.
extension Row {
    public func ints(_ column: Int) throws(PostgresError) -> [Int64] {
        try array(column) { type, element in
            switch (type, element.count) {
            case (TypeOID.int8, 8): element.bigEndian(as: Int64.self)
            case (TypeOID.int4, 4): Int64(element.bigEndian(as: Int32.self))
            case (TypeOID.int2, 2): Int64(element.bigEndian(as: Int16.self))
            default: nil
            }
        }
    }

    public func bools(_ column: Int) throws(PostgresError) -> [Bool] {
        try array(column) { type, element in
            type == TypeOID.bool && element.count == 1 ? element[0] != 0 : nil
        }
    }

    public func uuids(_ column: Int) throws(PostgresError) -> [UUID] {
        try array(column) { type, element in
            type == TypeOID.uuid && element.count == 16 ? UUID(uuid: element.loadUnaligned(as: uuid_t.self)) : nil
        }
    }

    public func texts(_ column: Int) throws(PostgresError) -> [String] {
        try array(column) { type, element in
            switch type {
            case TypeOID.text, TypeOID.varchar, TypeOID.bpchar, TypeOID.name, TypeOID.json, 16_384...:
                String(decoding: element, as: UTF8.self)
            default: nil
            }
        }
    }

    /// `bytea[]`, `json[]` and `text[]` as bytes.
    public func byteses(_ column: Int) throws(PostgresError) -> [[UInt8]] {
        try array(column) { type, element in
            switch type {
            case TypeOID.bytea, TypeOID.json, TypeOID.text, TypeOID.varchar: Array(element)
            default: nil
            }
        }
    }

    /// Microseconds since 1970-01-01 00:00 UTC.
    public func timestamps(_ column: Int) throws(PostgresError) -> [Int64] {
        try array(column) { type, element in
            type == TypeOID.timestamptz && element.count == 8 ? element.microsecondsSince1970 : nil
        }
    }

    /// `array_send`: dimensions, NULL flag, element type, per dimension size and lower bound, then length and bytes of
    /// each element.
    private func array<Element>(
        _ column: Int, _ decode: (UInt32, UnsafeRawBufferPointer) -> Element?
    ) throws(PostgresError) -> [Element] {
        guard let field = try field(column) else { throw unexpectedNull(column) }
        func word(_ offset: Int) -> Int? {
            guard offset + 4 <= field.count else { return nil }
            return Int(Int32(bigEndian: field.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        guard let dimensions = word(0), let type = word(8), dimensions == 0 || dimensions == 1 else {
            throw mismatch(column, "an array of one dimension")
        }
        guard dimensions == 1 else { return [] }
        guard let count = word(12), count >= 0, count <= field.count / 4 else {
            throw mismatch(column, "an array of one dimension")
        }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard let length = word(offset) else { throw mismatch(column, "an array") }
            guard length >= 0 else { throw unexpectedNull(column) }
            offset += 4
            guard offset + length <= field.count,
                let element = decode(
                    UInt32(truncatingIfNeeded: type),
                    UnsafeRawBufferPointer(rebasing: field[offset..<offset + length]))
            else { throw mismatch(column, "an array of the type asked for") }
            elements.append(element)
            offset += length
        }
        return elements
    }
}
