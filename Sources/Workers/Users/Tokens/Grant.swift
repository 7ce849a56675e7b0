import FoundationEssentials
import Worker

/// What somebody gets who signs in or refreshes.
struct Grant: Sendable {
    let token: String
    let refreshToken: String
    /// Until the access token expires.
    let expiresIn_s: Int64
    let session: UUID

    func write(to json: inout JSONWriter) {
        json.field("token", token)
        json.field("refreshToken", refreshToken)
        json.field("expiresIn", expiresIn_s)
        json.field("session", session)
    }
}
