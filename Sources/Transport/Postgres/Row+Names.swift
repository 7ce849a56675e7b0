public import FoundationEssentials

/// The same by name. Numbers are faster: a name is looked up for every row.
extension Row {
    public func isNull(_ column: String) throws(PostgresError) -> Bool { try isNull(rows.column(named: column)) }

    /// See ``withBytes(_:_:)-(Int,_)``.
    public func withBytes<Value>(
        _ column: String, _ body: (UnsafeRawBufferPointer?) throws -> Value
    ) throws -> Value {
        try withBytes(rows.column(named: column), body)
    }

    public func bool(_ column: String) throws(PostgresError) -> Bool {
        try bool(rows.column(named: column))
    }

    public func boolOrNil(_ column: String) throws(PostgresError) -> Bool? {
        try boolOrNil(rows.column(named: column))
    }

    public func int(_ column: String) throws(PostgresError) -> Int64 {
        try int(rows.column(named: column))
    }

    public func intOrNil(_ column: String) throws(PostgresError) -> Int64? {
        try intOrNil(rows.column(named: column))
    }

    public func double(_ column: String) throws(PostgresError) -> Double {
        try double(rows.column(named: column))
    }

    public func doubleOrNil(_ column: String) throws(PostgresError) -> Double? {
        try doubleOrNil(rows.column(named: column))
    }

    public func uuid(_ column: String) throws(PostgresError) -> UUID {
        try uuid(rows.column(named: column))
    }

    public func uuidOrNil(_ column: String) throws(PostgresError) -> UUID? {
        try uuidOrNil(rows.column(named: column))
    }

    public func text(_ column: String) throws(PostgresError) -> String {
        try text(rows.column(named: column))
    }

    public func textOrNil(_ column: String) throws(PostgresError) -> String? {
        try textOrNil(rows.column(named: column))
    }

    public func bytes(_ column: String) throws(PostgresError) -> [UInt8] {
        try bytes(rows.column(named: column))
    }

    public func bytesOrNil(_ column: String) throws(PostgresError) -> [UInt8]? {
        try bytesOrNil(rows.column(named: column))
    }

    public func timestamp(_ column: String) throws(PostgresError) -> Int64 {
        try timestamp(rows.column(named: column))
    }

    public func timestampOrNil(_ column: String) throws(PostgresError) -> Int64? {
        try timestampOrNil(rows.column(named: column))
    }

    public func ints(_ column: String) throws(PostgresError) -> [Int64] {
        try ints(rows.column(named: column))
    }

    public func bools(_ column: String) throws(PostgresError) -> [Bool] {
        try bools(rows.column(named: column))
    }

    public func uuids(_ column: String) throws(PostgresError) -> [UUID] {
        try uuids(rows.column(named: column))
    }

    public func texts(_ column: String) throws(PostgresError) -> [String] {
        try texts(rows.column(named: column))
    }

    public func byteses(_ column: String) throws(PostgresError) -> [[UInt8]] {
        try byteses(rows.column(named: column))
    }

    public func timestamps(_ column: String) throws(PostgresError) -> [Int64] {
        try timestamps(rows.column(named: column))
    }
}
