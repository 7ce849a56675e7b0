/// Whom a verified token speaks for.
struct Identity: Sendable {
    enum Role: String, Sendable {
        case customer, staff
    }

    let role: Role
    /// `customer:<id>` or `staff:<id>`: the value of the `Flotilla-Actor` header, made once per token.
    let actor: String
    /// The session that the token was given out in; nil for one without.
    let session: String?
    /// Unix seconds.
    let expires: Int64
}
