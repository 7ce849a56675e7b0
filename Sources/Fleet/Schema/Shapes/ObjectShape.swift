import JSON

/// What `type: object` says.
final class ObjectShape: Sendable {
    struct Property: Sendable {
        let name: ExactText
        let schema: SchemaIndex
        let isRequired: Bool
    }

    /// Members that are not declared.
    enum Additional: Sendable {
        case refused
        case allowed
        case schema(SchemaIndex)
    }

    /// More properties than these are looked up in a dictionary.
    static let mostByLine = 8

    let properties: [Property]
    let additional: Additional
    private let places: [String: Int]

    init(properties: [Property], additional: Additional) {
        self.properties = properties
        self.additional = additional
        places =
            properties.count > Self.mostByLine
            ? Dictionary(properties.enumerated().map { ($1.name.text, $0) }, uniquingKeysWith: { first, _ in first })
            : [:]
    }

    /// Looks at `hint` first, because senders mostly keep the declared order.
    func index(of name: String, hint: Int) -> Int? {
        if hint < properties.count, properties[hint].name.matches(name) { return hint }
        if properties.count > Self.mostByLine {
            guard let place = places[name], properties[place].name.matches(name) else { return nil }
            return place
        }
        for index in properties.indices where properties[index].name.matches(name) { return index }
        return nil
    }

    /// Writes for each property the place of its member, or -1.
    /// - Returns: how many members no property declares.
    func find(_ object: JSONObject, in places: UnsafeMutableBufferPointer<Int>) -> Int {
        places.initialize(repeating: -1)
        var unknown = 0
        var hint = 0
        for place in object.members.indices {
            if let index = index(of: object.members[place].name, hint: hint) {
                places[index] = place
                hint = index + 1
            } else {
                unknown += 1
            }
        }
        return unknown
    }
}
