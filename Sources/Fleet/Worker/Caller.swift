public import struct FoundationEssentials.UUID

/// Who asks, from the `Flotilla-Actor` header. The ingress sets it and never forwards a client's own.
public enum Caller: Sendable, Hashable {
    /// No header: a caller on the broker itself, trusted by its NATS permissions.
    case `internal`
    /// Somebody on the internet without a token.
    case anonymous
    case customer(UUID)
    case staff(UUID)

    /// Nil when the header is malformed: such a message must be refused, never treated as internal.
    init?(header: String?) {
        guard let header else {
            self = .internal
            return
        }
        if header == "anonymous" {
            self = .anonymous
            return
        }
        guard let colon = header.firstIndex(of: ":"), let id = UUID(text: String(header[header.index(after: colon)...]))
        else { return nil }
        switch header[..<colon] {
        case "customer": self = .customer(id)
        case "staff": self = .staff(id)
        default: return nil
        }
    }

    /// The value of the header; nil for an internal caller.
    var header: String? {
        switch self {
        case .internal: nil
        case .anonymous: "anonymous"
        case .customer(let id): "customer:\(id.text)"
        case .staff(let id): "staff:\(id.text)"
        }
    }

    /// The customer whose data the caller is confined to; nil for staff and internal callers, who may see all.
    public var confinedTo: UUID? {
        if case .customer(let id) = self { id } else { nil }
    }

    func may(_ access: Access) -> Bool {
        switch (access, self) {
        case (.internal, _), (.anyone, _), (_, .internal), (_, .staff): true
        case (.customer, .customer): true
        case (.customer, .anonymous), (.staff, _): false
        }
    }
}
