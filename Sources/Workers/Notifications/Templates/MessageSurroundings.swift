import Worker

/// What every message may use beside its own data: who reads it, and where the shop is.
struct MessageSurroundings: Sendable {
    let firstName: String?
    let email: String
    /// Without a slash at its end.
    let shopUrl: String
    /// The ingress, without a slash at its end.
    let publicUrl: String
    /// Ends the messages of this kind; nil where they cannot be ended.
    let unsubscribeUrl: String?

    var members: JSONObject {
        var object = JSONObject()
        object["firstName"] = firstName.map { .string($0) }
        object["email"] = .string(email)
        object["shopUrl"] = .string(shopUrl)
        object["api"] = .string("\(publicUrl)/api/v1")
        object["unsubscribeUrl"] = unsubscribeUrl.map { .string($0) }
        return object
    }

    static func sample(kind: MessageKind) -> JSONObject {
        var members = MessageSurroundings(
            firstName: kind == .staff ? nil : "Ada", email: "ada@example.com", shopUrl: "https://shop.example",
            publicUrl: "https://shop.example",
            unsubscribeUrl: "https://shop.example/api/v1/notifications/unsubscribe/sample"
        ).members
        // Known to the check though there is none.
        if members["firstName"] == nil { members["firstName"] = .string("") }
        if !kind.isOptional { members["unsubscribeUrl"] = .string("") }
        return members
    }
}

extension JSONObject {
    /// With the members of `other` after, or in place of, its own.
    func adding(_ other: JSONObject) -> JSONObject {
        var result = self
        for member in other.members { result[member.name] = member.value }
        return result
    }
}
