import FoundationEssentials
import Worker

/// `users.get`: one account, for itself and for staff.
enum UserRecord {
    static func endpoint() -> Endpoint {
        Endpoint("users.get", { (fields: inout Fields) in fields.uuid("id") }) { id, context in
            try context.caller.maySee(id)
            guard let account = try await Account.find(id, context) else { throw Caller.notFound(id) }
            return account.reply(to: context.caller)
        }
    }
}
