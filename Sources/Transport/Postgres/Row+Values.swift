public import FoundationEssentials

extension Row {
    public func boolOrNil(_ column: Int) throws(PostgresError) -> Bool? {
        guard let field = try field(column) else { return nil }
        guard type(column) == TypeOID.bool, field.count == 1 else { throw mismatch(column, "bool") }
        return field[0] != 0
    }

    /// `smallint`, `int`, `bigint` and object ids.
    public func intOrNil(_ column: Int) throws(PostgresError) -> Int64? {
        guard let field = try field(column) else { return nil }
        switch (type(column), field.count) {
        case (TypeOID.int8, 8), (TypeOID.xid8, 8): return field.bigEndian(as: Int64.self)
        case (TypeOID.int4, 4): return Int64(field.bigEndian(as: Int32.self))
        case (TypeOID.int2, 2): return Int64(field.bigEndian(as: Int16.self))
        case (TypeOID.oid, 4): return Int64(field.bigEndian(as: UInt32.self))
        default: throw mismatch(column, "an integer")
        }
    }

    public func doubleOrNil(_ column: Int) throws(PostgresError) -> Double? {
        guard let field = try field(column) else { return nil }
        switch (type(column), field.count) {
        case (TypeOID.float8, 8): return Double(bitPattern: field.bigEndian(as: UInt64.self))
        case (TypeOID.float4, 4): return Double(Float(bitPattern: field.bigEndian(as: UInt32.self)))
        default: throw mismatch(column, "a floating-point number")
        }
    }

    public func uuidOrNil(_ column: Int) throws(PostgresError) -> UUID? {
        guard let field = try field(column) else { return nil }
        guard type(column) == TypeOID.uuid, field.count == 16 else { throw mismatch(column, "uuid") }
        return UUID(uuid: field.loadUnaligned(as: uuid_t.self))
    }

    /// Text of any kind, `json` and `jsonb` included.
    public func textOrNil(_ column: Int) throws(PostgresError) -> String? {
        guard let field = try field(column) else { return nil }
        switch type(column) {
        case TypeOID.text, TypeOID.varchar, TypeOID.bpchar, TypeOID.name, TypeOID.json, TypeOID.jsonb,
            TypeOID.unknownLiteral:
            return String(decoding: try content(field, column), as: UTF8.self)
        // Enums and domains have ids of their own; what the fixed types above leave is theirs.
        case 16_384...: return String(decoding: field, as: UTF8.self)
        default: throw mismatch(column, "text")
        }
    }

    /// A copy of the bytes of a column of any type; for `bytea`, `json`, `jsonb` and text they are the value itself.
    public func bytesOrNil(_ column: Int) throws(PostgresError) -> [UInt8]? {
        guard let field = try field(column) else { return nil }
        return Array(try content(field, column))
    }

    /// Microseconds since 1970-01-01 00:00 UTC.
    public func timestampOrNil(_ column: Int) throws(PostgresError) -> Int64? {
        guard let field = try field(column) else { return nil }
        let oid = type(column)
        guard oid == TypeOID.timestamptz || oid == TypeOID.timestamp, field.count == 8 else {
            throw mismatch(column, "a timestamp")
        }
        return field.microsecondsSince1970
    }
}

extension Row {
    public func bool(_ column: Int) throws(PostgresError) -> Bool {
        guard let value = try boolOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func int(_ column: Int) throws(PostgresError) -> Int64 {
        guard let value = try intOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func double(_ column: Int) throws(PostgresError) -> Double {
        guard let value = try doubleOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func uuid(_ column: Int) throws(PostgresError) -> UUID {
        guard let value = try uuidOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func text(_ column: Int) throws(PostgresError) -> String {
        guard let value = try textOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
        guard let value = try bytesOrNil(column) else { throw unexpectedNull(column) }
        return value
    }

    public func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
        guard let value = try timestampOrNil(column) else { throw unexpectedNull(column) }
        return value
    }
}

extension UnsafeRawBufferPointer {
    /// The integer at the start; the caller has checked the length.
    func bigEndian<Value: FixedWidthInteger>(as type: Value.Type) -> Value {
        Value(bigEndian: loadUnaligned(as: type))
    }

    /// `timestamptz_send`: microseconds since 2000; its infinities stay the ends of the range.
    var microsecondsSince1970: Int64 {
        let value = bigEndian(as: Int64.self)
        if value == .min { return .min }
        let (shifted, overflow) = value.addingReportingOverflow(TimestampEpoch.offset_us)
        return overflow ? .max : shifted
    }
}
