import FoundationEssentials
import Worker

/// What users is asked for one batch: nothing twice, and nothing more once it has failed.
@Reactor
struct Inquiry {
    private let context: Context
    private var known: [UUID: Result<Recipient, ServiceError>] = [:]
    /// The others are not asked for: they would wait as long for the same.
    private var outage: ServiceError?

    init(_ context: Context) {
        self.context = context
    }

    mutating func recipient(_ userId: UUID) async -> Result<Recipient, ServiceError> {
        if let answer = known[userId] { return answer }
        let answer = await ask("users.get", JSONWriter.object { $0.field("id", userId) }) { user in
            guard let email = user["email"]?.string, let firstName = user["firstName"]?.string,
                let lastName = user["lastName"]?.string
            else { return nil as Recipient? }
            return Recipient(email: email, firstName: firstName, lastName: lastName)
        }
        known[userId] = answer
        return answer
    }

    /// The secret of a token, which is neither kept nor logged.
    mutating func token(_ id: String) async -> Result<String, ServiceError> {
        await ask("users.secret", JSONWriter.object { $0.field("tokenId", id) }) { reply in
            // What goes into a link is what a token is made of, and nothing else.
            reply["token"]?.string.flatMap { token in
                (1...500).contains(token.utf8.count) && token.utf8.allSatisfy(Self.isTokenCharacter) ? token : nil
            }
        }
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private mutating func ask<T>(
        _ subject: String, _ body: [UInt8], _ read: (JSONValue) -> T?
    ) async -> Result<T, ServiceError> {
        if let outage { return .failure(outage) }
        do throws(ServiceError) {
            let reply = try await context.call(subject, body)
            guard let value = (try? JSONReader.parse(reply)).flatMap(read) else {
                throw ServiceError(502, "bad-reply", "the reply of \(subject) is not understood")
            }
            return .success(value)
        } catch {
            if error.status >= 500 { outage = error }
            return .failure(error)
        }
    }
}
