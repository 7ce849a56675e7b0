import FoundationEssentials

/// One of the tokens that a session's tokens are renewed with, one after the other.
struct RefreshToken: Equatable, Sendable {
    let session: UUID
    /// Its place in the row of them, from 0.
    let generation: Int64

    var next: RefreshToken { RefreshToken(session: session, generation: generation + 1) }
}
