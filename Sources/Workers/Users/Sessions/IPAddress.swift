#if canImport(Glibc)
    import Glibc
#endif

/// An address of IPv4 (4 bytes) or IPv6 (16).
struct IPAddress: Equatable, Sendable {
    let bytes: [UInt8]

    /// Nil for what is no address.
    init?(_ text: String) {
        let isV6 = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isV6 ? 16 : 4)
        guard inet_pton(isV6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// What one customer of a provider has: the address, or the /64 of an IPv6 one.
    var subscriber: ArraySlice<UInt8> { bytes.prefix(8) }
}
