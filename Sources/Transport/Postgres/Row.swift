import CPostgres

/// One row of ``Rows``. Columns are numbered from 0.
public struct Row: Sendable {
    let rows: Rows
    let index: Int

    public func isNull(_ column: Int) throws(PostgresError) -> Bool {
        try field(column) == nil
    }

    /// Hands out the bytes of a column as the server sent them, without a copy; nil for NULL.
    ///
    /// Text, `json` and `bytea` are what they say; `jsonb` comes without the version byte of its binary format. The
    /// bytes are valid until `body` returns.
    public func withBytes<Value>(
        _ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Value
    ) throws -> Value {
        guard let field = try field(column) else { return try body(nil) }
        return try withExtendedLifetime(rows) { try body(try content(field, column)) }
    }

    /// The bytes of a field, nil for NULL; they live as long as the rows.
    func field(_ column: Int) throws(PostgresError) -> UnsafeRawBufferPointer? {
        guard column >= 0, column < rows.columnCount, index >= 0, index < rows.count else {
            throw PostgresError(
                .decoding,
                "row \(index) column \(column) asked of a result of \(rows.count) rows and \(rows.columnCount) columns")
        }
        let row = Int32(truncatingIfNeeded: index)
        let column = Int32(truncatingIfNeeded: column)
        let length = Int(PQgetlength(rows.result, row, column))
        if length == 0, PQgetisnull(rows.result, row, column) != 0 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(rows.result, row, column), count: length)
    }

    /// A field without what only its binary format needs.
    func content(_ field: UnsafeRawBufferPointer, _ column: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
        guard type(column) == TypeOID.jsonb else { return field }
        // jsonb_send: one byte version, 1, then text.
        guard field.first == 1 else {
            throw PostgresError(.decoding, "column \(column): jsonb of an unknown version")
        }
        return UnsafeRawBufferPointer(rebasing: field.dropFirst())
    }

    func type(_ column: Int) -> UInt32 {
        PQftype(rows.result, Int32(truncatingIfNeeded: column))
    }

    func mismatch(_ column: Int, _ wanted: StaticString) -> PostgresError {
        let name = PQfname(rows.result, Int32(truncatingIfNeeded: column)).map { String(cString: $0) } ?? "?"
        return PostgresError(
            .decoding, "column \(column) \"\(name)\" has type oid \(type(column)), which is not \(wanted)")
    }

    func unexpectedNull(_ column: Int) -> PostgresError {
        let name = PQfname(rows.result, Int32(truncatingIfNeeded: column)).map { String(cString: $0) } ?? "?"
        return PostgresError(.decoding, "column \(column) \"\(name)\" is NULL")
    }
}
