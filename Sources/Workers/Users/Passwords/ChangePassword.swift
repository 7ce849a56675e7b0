import FoundationEssentials
import Worker

/// `users.password.change`: a new password for who knows the old one. All sessions but the one that asks end.
struct ChangePassword: Sendable {
    let passwords: PasswordHasher

    var endpoint: Endpoint {
        Endpoint("users.password.change") { fields in
            (
                id: fields.uuid("id"), current: fields.secret("currentPassword", bytes: 1...Bcrypt.maxPasswordBytes),
                new: fields.secret("newPassword", bytes: PasswordPolicy.bytes)
            )
        } _: { request, context in
            try context.caller.mayChange(request.id)
            let (checked, settling) = try await PasswordCheck(passwords: passwords).account(
                request.id, password: request.current, context)
            guard request.new != request.current else {
                throw ServiceError.weakPassword("newPassword", "expected another password than the current one")
            }
            try PasswordPolicy.check(request.new, field: "newPassword", email: checked.email)
            let hash = try await passwords.hash(request.new, until: context.deadline)
            let current = context.visitor.session
            return try await context.change(request.id) { change in
                // The password was checked against this hash, and no other.
                guard change.account.passwordHash == checked.passwordHash else {
                    throw ServiceError(403, "wrong-password", "the password has been changed meanwhile")
                }
                change.add(settling)
                change.setPassword(hash)
                change.revokeSessions(.passwordChanged) { $0 != current }
                return .object { $0.field("status", "changed") }
            }
        }
    }
}
