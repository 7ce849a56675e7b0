import Worker

/// `users.password.reset`: a mail to set a new password with.
struct RequestReset: Sendable {
    let links: AccountTokens

    var endpoint: Endpoint {
        let request = MailRequest(purpose: .resetPassword, links: links) { _ in true }
        return Endpoint("users.password.reset", { (fields: inout Fields) in fields.email("email").lowercased() }) {
            try await request.answer(email: $0, $1)
        }
    }
}
