import Worker

/// `users.verify.request`: another mail to prove an address with.
struct RequestVerification: Sendable {
    let links: AccountTokens

    var endpoint: Endpoint {
        let request = MailRequest(purpose: .verifyEmail, links: links) { !$0.emailVerified }
        return Endpoint("users.verify.request", { (fields: inout Fields) in fields.email("email").lowercased() }) {
            try await request.answer(email: $0, $1)
        }
    }
}
