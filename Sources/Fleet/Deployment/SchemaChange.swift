/// One difference between two versions of a schema.
struct SchemaChange: Sendable, Hashable {
    /// What it does to the values that fit.
    enum Effect: Sendable, Hashable {
        /// Some values fit no more: breaks senders.
        case narrowed
        /// Other values fit: breaks readers.
        case widened
        /// Breaks both.
        case changed
        /// Breaks nobody.
        case harmless
    }

    /// Into the schema, through its references.
    let pointer: String
    let words: String
    let effect: Effect

    /// Callers send requests; they read replies, and consumers read payloads.
    func breaks(_ part: ContractChange.Part) -> Bool {
        switch effect {
        case .narrowed: part == .request
        case .widened: part != .request
        case .changed: true
        case .harmless: false
        }
    }
}
