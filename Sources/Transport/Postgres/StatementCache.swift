/// The statements prepared on one connection: at most `limit`, the least recently used leaves first.
struct StatementCache {
    private var entries: [Statement: PreparedStatement] = [:]
    private var clock: UInt64 = 0
    private var nextName: UInt64 = 0
    private let limit: Int
    /// Names that the server still knows and the cache does not: they go with the next statement.
    private(set) var dropped: [PreparedStatement] = []

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var count: Int { entries.count }

    /// The prepared statement that can take these parameters.
    mutating func find(_ query: Query) -> PreparedStatement? {
        guard let entry = entries[query.statement], entry.accepts(query.parameters) else { return nil }
        clock &+= 1
        entry.lastUsed = clock
        return entry
    }

    /// Adds an entry that the caller prepares; an entry with other parameter types makes room for it.
    mutating func insert(_ query: Query) -> PreparedStatement {
        let previous = entries[query.statement]
        if previous == nil, entries.count >= limit { evictOldest() }
        nextName &+= 1
        clock &+= 1
        let entry = PreparedStatement(
            number: nextName, statement: query.statement,
            types: PreparedStatement.types(of: query.parameters, previous: previous))
        entry.lastUsed = clock
        entries[query.statement] = entry
        if let previous { dropped.append(previous) }
        return entry
    }

    /// Forgets an entry. `isOnServer`: its name has to be released there.
    mutating func remove(_ entry: PreparedStatement, isOnServer: Bool) {
        if entries[entry.statement] === entry { entries[entry.statement] = nil }
        if isOnServer { dropped.append(entry) }
    }

    mutating func takeDropped() -> [PreparedStatement] {
        guard !dropped.isEmpty else { return [] }
        defer { dropped.removeAll() }
        return dropped
    }

    private mutating func evictOldest() {
        // Looks at every entry, but only when a statement that is new meets a full cache.
        guard let oldest = entries.values.min(by: { $0.lastUsed < $1.lastUsed }) else { return }
        remove(oldest, isOnServer: true)
    }
}

/// A statement under the name that one server session knows it by.
final class PreparedStatement {
    let statement: Statement
    /// Declared parameter types, 0 where the server inferred one from a NULL.
    let types: [UInt32]
    /// Ends with a zero byte.
    let name: UnsafeMutablePointer<CChar>
    var lastUsed: UInt64 = 0

    init(number: UInt64, statement: Statement, types: [UInt32]) {
        self.statement = statement
        self.types = types
        let text = Array("s\(number)".utf8)
        name = .allocate(capacity: text.count + 1)
        for (index, byte) in text.enumerated() { name[index] = CChar(bitPattern: byte) }
        name[text.count] = 0
    }

    deinit {
        name.deallocate()
    }

    /// A NULL fits any declared type; a value fits only its own.
    func accepts(_ parameters: [Parameter]) -> Bool {
        guard parameters.count == types.count else { return false }
        for index in types.indices {
            let oid = parameters[index].oid
            if oid != types[index], oid != TypeOID.unknown { return false }
        }
        return true
    }

    /// What is NULL this time keeps the type it had before, so that statements do not flip between two shapes.
    static func types(of parameters: [Parameter], previous: PreparedStatement?) -> [UInt32] {
        var types = parameters.map(\.oid)
        guard let previous, previous.types.count == types.count else { return types }
        for index in types.indices where types[index] == TypeOID.unknown { types[index] = previous.types[index] }
        return types
    }
}
