import Worker

/// As its owner, staff and other workers see it.
extension Account {
    /// - Parameter forStaff: with why it is suspended.
    func writeMembers(to json: inout JSONWriter, forStaff: Bool) {
        json.field("id", id)
        json.field("email", email)
        json.field("firstName", firstName)
        json.field("lastName", lastName)
        json.field("createdAt", createdAt)
        json.field("emailVerified", emailVerified)
        json.field("status", status)
        json.field("role", role.rawValue)
        json.fieldIfPresent("phone", phone)
        json.fieldIfPresent("dateOfBirth", dateOfBirth)
        json.fieldIfPresent("lastLogin", lastLogin)
        if forStaff { json.fieldIfPresent("suspendedBecause", suspendedBecause) }
    }

    func reply(to caller: Caller) -> Reply {
        .object { writeMembers(to: &$0, forStaff: caller.confinedTo == nil) }
    }
}
