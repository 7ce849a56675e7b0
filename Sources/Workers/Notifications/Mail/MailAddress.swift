import FoundationEssentials
import Worker

/// An address and the name of whoever it belongs to, safe to stand in a header.
struct MailAddress: Sendable, Equatable {
    /// Nil when there is none, or nothing is left of it without control characters.
    let name: String?
    /// ASCII, without anything that means something in a header: see `EmailRule`.
    let address: String

    /// Nil when `address` is none.
    init?(name: String?, address: String) {
        guard EmailRule.matches(address) else { return nil }
        let cleaned = name.map { MailText.cleaned($0) } ?? ""
        self.name = cleaned.isEmpty ? nil : cleaned
        self.address = address
    }

    /// `Name <address>`, or an address alone.
    init?(parsing text: String) {
        guard text.last == ">", let bracket = text.firstIndex(of: "<") else {
            self.init(name: nil, address: text)
            return
        }
        let address = text[text.index(after: bracket)...].dropLast()
        self.init(name: String(text[..<bracket]), address: String(address))
    }
}

extension MailAddress {
    /// An id for somebody who has no account: the same for the same address.
    var id: UUID { UUID(hashing: "mailbox", address.lowercased()) }

    /// What stands behind the @.
    var domain: String { address.split(separator: "@").last.map(String.init) ?? "localhost" }
}
