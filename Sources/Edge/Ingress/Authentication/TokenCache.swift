/// Identities of tokens whose signature has been checked, least recently used ones dropped first.
///
/// A check costs about 100 µs, a look here well under one. The key is the `Authorization` header as it came, so that nothing
/// is cut or copied for a look. Belongs to one event loop; bounded in entries and, as tokens are, in bytes.
struct TokenCache {
    private struct Entry {
        let token: String
        let identity: Identity
        /// Unix seconds.
        let validUntil: Int64
        var newer: Int
        var older: Int
    }

    private static let none = -1

    private let capacity: Int
    private var slots: [String: Int] = [:]
    private var entries: [Entry] = []
    private var newest = none
    private var oldest = none

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { slots.count }

    /// The identity of `token` if it is still to be believed at `now` (unix seconds).
    mutating func identity(of token: String, now: Int64) -> Identity? {
        guard let slot = slots[token], entries[slot].validUntil > now else { return nil }
        touch(slot)
        return entries[slot].identity
    }

    mutating func store(_ identity: Identity, of token: String, until validUntil: Int64) {
        if let slot = slots[token] {
            unlink(slot)
            entries[slot] = entry(token, identity, validUntil)
            link(slot)
            return
        }
        let slot: Int
        if entries.count < capacity {
            slot = entries.count
            entries.append(entry(token, identity, validUntil))
        } else {
            slot = oldest
            unlink(slot)
            slots[entries[slot].token] = nil
            entries[slot] = entry(token, identity, validUntil)
        }
        slots[token] = slot
        link(slot)
    }

    /// Forgets everything: the keys have changed.
    mutating func removeAll() {
        self = TokenCache(capacity: capacity)
    }

    private func entry(_ token: String, _ identity: Identity, _ validUntil: Int64) -> Entry {
        Entry(token: token, identity: identity, validUntil: validUntil, newer: Self.none, older: Self.none)
    }

    private mutating func touch(_ slot: Int) {
        guard slot != newest else { return }
        unlink(slot)
        link(slot)
    }

    private mutating func link(_ slot: Int) {
        entries[slot].older = newest
        entries[slot].newer = Self.none
        if newest == Self.none { oldest = slot } else { entries[newest].newer = slot }
        newest = slot
    }

    private mutating func unlink(_ slot: Int) {
        let (newer, older) = (entries[slot].newer, entries[slot].older)
        if newer == Self.none { newest = older } else { entries[newer].older = older }
        if older == Self.none { oldest = newer } else { entries[older].newer = newer }
    }
}
