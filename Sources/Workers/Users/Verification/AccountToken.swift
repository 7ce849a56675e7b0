import FoundationEssentials

/// What a link in a mail lets its holder do once.
struct AccountToken: Equatable, Sendable {
    enum Purpose: String, Sendable, CaseIterable {
        case verifyEmail = "verify-email"
        case resetPassword = "reset-password"
    }

    let id: UUID
    let purpose: Purpose
}
