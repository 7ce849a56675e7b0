import CPostgres

/// What one statement returned: its rows, decoded only where they are looked at.
///
/// `@unchecked Sendable`: the result is never changed after it was received, libpq's accessors only read it
/// (libpq, "Behavior in Threaded Programs"), and `deinit` runs when nobody reads any more.
public final class Rows: RandomAccessCollection, @unchecked Sendable {
    let result: OpaquePointer
    let columnCount: Int
    public let count: Int

    /// Takes ownership of the result.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
    }

    deinit {
        PQclear(result)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> Row { Row(rows: self, index: position) }

    /// Rows inserted, updated, deleted or selected.
    public var affected: Int {
        guard let text = PQcmdTuples(result) else { return 0 }
        var number = 0
        var next = text
        while case let digit = UInt8(bitPattern: next.pointee) &- UInt8(ascii: "0"), digit < 10 {
            number = number &* 10 &+ Int(digit)
            next += 1
        }
        return number
    }

    /// The names of the columns, as the server sent them.
    public var columns: [String] {
        (0..<columnCount).map { PQfname(result, Int32($0)).map { String(cString: $0) } ?? "" }
    }

    /// The first column of that name, compared exactly.
    func column(named name: String) throws(PostgresError) -> Int {
        var name = name
        let found: Int? = name.withUTF8 { wanted in
            (0..<columnCount).first { column in
                guard let candidate = PQfname(result, Int32(column)) else { return false }
                for (offset, byte) in wanted.enumerated() where candidate[offset] != CChar(bitPattern: byte) {
                    return false
                }
                return candidate[wanted.count] == 0
            }
        }
        guard let found else {
            throw PostgresError(
                .decoding, "no column \"\(name)\"; there are \(columns.joined(separator: ", "))")
        }
        return found
    }
}
