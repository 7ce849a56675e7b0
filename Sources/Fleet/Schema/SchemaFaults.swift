/// All that is wrong with a schema document.
public struct SchemaFaults: Error, Sendable {
    public struct Fault: Sendable, Hashable {
        /// Where, as a JSON pointer (RFC 6901) into the document, or into `/schemas/Name/…` for a definition that it
        /// uses.
        public let pointer: String
        /// What was expected and what was found.
        public let message: String
    }

    /// At least one, in the order in which they were found.
    public let faults: [Fault]
}

extension SchemaFaults.Fault: CustomStringConvertible {
    public var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}

extension SchemaFaults: CustomStringConvertible {
    public var description: String { faults.map(\.description).joined(separator: "; ") }
}
