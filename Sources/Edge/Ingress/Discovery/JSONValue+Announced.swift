import JSON

extension JSONValue {
    /// More than these in one object or list are not taken: what compiles a schema compares them with each other.
    static let maxAnnouncedMembers = 256
    static let maxAnnouncedElements = 1024

    /// Whether no object and no list in it is larger than what is taken of services.
    var isModest: Bool {
        switch self {
        case .object(let object):
            object.count <= Self.maxAnnouncedMembers && object.members.allSatisfy(\.value.isModest)
        case .array(let elements):
            elements.count <= Self.maxAnnouncedElements && elements.allSatisfy(\.isModest)
        default: true
        }
    }

    /// Names of definitions that it refers to, and of some that only its examples seem to refer to.
    var referredDefinitions: Set<String> {
        var names: Set<String> = []
        var open = [self]
        while let value = open.popLast() {
            switch value {
            case .object(let object):
                for member in object.members {
                    if member.name == "$ref", let text = member.value.string, text.hasPrefix("#/schemas/") {
                        names.insert(String(text.dropFirst("#/schemas/".count)))
                    } else {
                        open.append(member.value)
                    }
                }
            case .array(let elements): open += elements
            default: break
            }
        }
        return names
    }
}
