/// Path and query parameters put into the JSON object of a body, by bytes: the ingress never parses a body.
enum Splice {
    /// The message for a worker: the members of the body, then those of `parameters` (an object's bytes, `{}` when there
    /// are none), so that the worker finds a fault of the body where the client wrote it. A name that is in both is a
    /// duplicate key, which every worker refuses.
    /// - Returns: nil when there is something to splice and the body does not begin and end as an object.
    static func message(parameters: [UInt8], body: UnsafeRawBufferPointer?) -> [UInt8]? {
        guard let body, !body.isEmpty else { return parameters }
        guard parameters.count > 2 else { return Array(body) }
        guard let first = body.firstIndex(where: { !isBlank($0) }), body[first] == UInt8(ascii: "{"),
            let last = body.lastIndex(where: { !isBlank($0) }), last > first, body[last] == UInt8(ascii: "}")
        else { return nil }
        let isEmpty = body[(first + 1)..<last].allSatisfy(isBlank)
        var message: [UInt8] = []
        message.reserveCapacity(last + parameters.count)
        message.append(contentsOf: body[..<last])
        if !isEmpty { message.append(UInt8(ascii: ",")) }
        message.append(contentsOf: parameters[1...])
        return message
    }

    /// The whitespace of RFC 8259.
    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0a, 0x0d: true
        default: false
        }
    }
}
