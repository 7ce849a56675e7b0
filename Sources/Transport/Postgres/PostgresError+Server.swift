import CPostgres

extension PostgresError {
    /// Reads an error that the server sent.
    init(result: OpaquePointer) {
        // PG_DIAG_… of postgres_ext.h: one letter each, as in the protocol's ErrorResponse.
        func field(_ letter: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        let state = field("C")
        // 57014 is both a statement timeout and a cancel request, which this module only sends after a deadline.
        let text = field("M") ?? PostgresError.firstLine(PQresultErrorMessage(result))
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.init(state == "57014" ? .timeout : .server, line, sqlState: state)
        constraint = field("n")
        table = field("t")
        column = field("c")
        detail = field("D")
        hint = field("H")
        position = field("P").flatMap { Int($0) }
    }

    /// FATAL and PANIC end the connection; an ERROR only ends the transaction.
    static func isFatal(_ result: OpaquePointer) -> Bool {
        guard let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))) else { return false }
        return severity[0] != CChar(UInt8(ascii: "E"))
    }
}
