import JSON

/// What `oneOf` says: objects that the value of one member tells apart.
final class UnionShape: Sendable {
    struct Branch: Sendable {
        let tag: JSONValue
        let shape: ObjectShape
    }

    /// The name of that member.
    let tag: ExactText
    let branches: [Branch]

    init(tag: ExactText, branches: [Branch]) {
        self.tag = tag
        self.branches = branches
    }

    /// What the member may be.
    var expectation: String {
        let tags = branches.map { branch in
            if case .string(let text) = branch.tag { text } else { branch.tag.description }
        }
        return "one of \(tags.joined(separator: ", "))"
    }
}
