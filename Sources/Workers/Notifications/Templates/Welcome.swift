import FoundationEssentials
import Worker

/// Somebody has registered.
struct Welcome: Template {
    static let name = "welcome"

    let userId: UUID
    let email: String
    let firstName: String
    let lastName: String

    init(_ fields: inout Fields) {
        userId = fields.uuid("userId")
        email = fields.email("email")
        firstName = fields.string("firstName", length: 1...100)
        lastName = fields.string("lastName", length: 1...100)
    }

    var orderId: UUID? { nil }
    var subject: String { "Welcome to Flotilla" }

    func write(to letter: inout Letter) {
        letter.paragraph("thank you for registering. Your account is ready, and you can order right away.")
        letter.paragraph("You log in with this e-mail address: \(email)")
        letter.paragraph("If it was not you who registered, you need not do anything.")
    }
}
