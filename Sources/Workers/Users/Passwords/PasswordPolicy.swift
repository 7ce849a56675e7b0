import Worker

/// Which passwords are taken: 8 to 72 bytes, and none that guessing begins with.
enum PasswordPolicy {
    /// bcrypt takes no more, and nothing is cut.
    static let bytes = 8...Bcrypt.maxPasswordBytes

    /// - Throws: 400 `weak-password` with the field and the reason; the password is not repeated.
    static func check(_ password: String, field: String, email: String) throws(ServiceError) {
        let lowered = password.lowercased()
        guard Set(lowered.unicodeScalars).count > 1 else {
            throw .weakPassword(field, "expected more than one character, repeated")
        }
        let localPart = String(email.prefix { $0 != "@" })
        guard lowered != email, lowered != localPart else {
            throw .weakPassword(field, "expected a password that is not the e-mail address or a part of it")
        }
        guard !CommonPasswords.contains(lowered) else {
            throw .weakPassword(field, "expected a password that is not among the most common ones")
        }
    }
}

extension ServiceError {
    static func weakPassword(_ field: String, _ message: String) -> ServiceError {
        ServiceError(
            400, "weak-password", "this password is too easy to guess",
            fieldErrors: [FieldError(pointer: "/\(field)", message: message)])
    }
}
