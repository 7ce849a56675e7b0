/// Path and query parameters put into the JSON object of a body, by bytes: the ingress never parses a body.
enum Splice {
    /// The message for a worker: the members of `parameters` (an object's bytes, `{}` when there are none), then those of
    /// `body`. A name that is in both is a duplicate key, which every worker refuses.
    /// - Returns: nil when there is something to splice and the body is not the beginning of an object.
    static func message(parameters: [UInt8], body: UnsafeRawBufferPointer?) -> [UInt8]? {
        guard let body, !body.isEmpty else { return parameters }
        guard parameters.count > 2 else { return Array(body) }
        guard let brace = firstNonBlank(body, from: 0), body[brace] == UInt8(ascii: "{") else { return nil }
        let next = firstNonBlank(body, from: brace + 1)
        let isEmpty = next.map { body[$0] == UInt8(ascii: "}") } ?? false
        let rest = UnsafeRawBufferPointer(rebasing: body[(brace + 1)...])
        let members = parameters.count - 1
        let comma = isEmpty ? 0 : 1
        return [UInt8](unsafeUninitializedCapacity: members + comma + rest.count) { bytes, count in
            _ = bytes.update(fromContentsOf: parameters[..<members])
            if !isEmpty { bytes[members] = UInt8(ascii: ",") }
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[(members + comma)...])
                .copyMemory(from: rest)
            count = members + comma + rest.count
        }
    }

    /// The whitespace of RFC 8259.
    private static func firstNonBlank(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return index
            }
        }
        return nil
    }
}
