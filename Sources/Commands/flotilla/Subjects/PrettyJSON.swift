import JSON

extension JSONValue {
    /// The JSON text with a line for each member and element, indented by two spaces.
    var pretty: String {
        var text = ""
        write(to: &text, indent: "")
        return text
    }

    private func write(to text: inout String, indent: String) {
        let inner = indent + "  "
        switch self {
        case .object(let object) where !object.isEmpty:
            text += "{\n"
            for (index, member) in object.members.enumerated() {
                text += "\(index == 0 ? "" : ",\n")\(inner)\(JSONValue.string(member.name)): "
                member.value.write(to: &text, indent: inner)
            }
            text += "\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += "\(index == 0 ? "" : ",\n")\(inner)"
                element.write(to: &text, indent: inner)
            }
            text += "\n\(indent)]"
        default: text += description
        }
    }
}
