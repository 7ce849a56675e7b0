extension JSONParser {
    @inline(never)
    func error(_ code: JSONSyntaxError.Code, _ message: String, at offset: Int) -> JSONSyntaxError {
        JSONSyntaxError(code, message, at: offset, in: bytes)
    }

    /// Says what stands at the current position in place of what was expected.
    @inline(never)
    func unexpected(_ expected: String) -> JSONSyntaxError {
        let found =
            switch position < bytes.count ? bytes[position] : nil {
            case nil: "the end of the input"
            case let byte? where byte > 0x20 && byte < 0x7F: "'\(Character(UnicodeScalar(byte)))'"
            case let byte?: "byte 0x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
            }
        return error(.malformed, "expected \(expected), got \(found)", at: position)
    }
}
