import Foundation
import JSON

/// A registered customer of the demo.
struct Customer: Sendable {
    let id: String
    let email: String
    let token: String

    private static let password = "correct horse battery staple"

    /// Registers and logs in.
    static func register(at shop: Shop) async throws -> Customer {
        let email = "demo-\(UUID().uuidString.lowercased())@example.com"
        let registration = JSONWriter.object { json in
            json.field("email", email)
            json.field("password", password)
            json.field("firstName", "Demo")
            json.field("lastName", "Customer")
        }
        let answer = try await shop.request("register", "POST", "/users/register", body: registration)
        // 409: an earlier try got through though its answer was lost.
        guard [201, 409].contains(answer.status) else { throw Unexpected("register", answer) }
        return try await logIn(email, at: shop)
    }

    private static func logIn(_ email: String, at shop: Shop) async throws -> Customer {
        let body = JSONWriter.object { json in
            json.field("email", email)
            json.field("password", password)
        }
        let answer = try await shop.request("login", "POST", "/users/login", body: body)
        guard answer.status == 200, let token = answer.body["token"]?.string,
            let id = answer.body["user"]?["id"]?.string
        else { throw Unexpected("login", answer) }
        return Customer(id: id, email: email, token: token)
    }
}

/// An answer that the scenario has no use for.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ step: String, _ answer: Shop.Answer) {
        description = "\(step): got \(answer.status) \(answer.body["detail"]?.string ?? "")"
    }
}
