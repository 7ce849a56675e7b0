/// Reads JSON strictly by RFC 8259: valid UTF-8, no byte order mark, no duplicate names, no lone surrogates, nothing after the
/// document. `\u0000` is refused too, because a Postgres text cannot hold it.
public enum JSONReader {
    /// Copies all it keeps; the bytes need to stay valid during the call only.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default
    ) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.document()
    }

    public static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONSyntaxError) -> JSONValue {
        try parse(bytes.span, limits: limits)
    }

    public static func parse(_ bytes: Span<UInt8>, limits: JSONLimits = .default) throws(JSONSyntaxError) -> JSONValue {
        try bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws(JSONSyntaxError) in
            try parse(buffer, limits: limits)
        }
    }

    public static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONSyntaxError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }
}
