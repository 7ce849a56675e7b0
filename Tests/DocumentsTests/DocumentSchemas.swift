import JSON
import Schema

/// Compiles schemas of a document, to see whether its examples fit them.
struct DocumentSchemas {
    private let definitions: [String: JSONValue]

    init(_ document: JSONValue) {
        let members = document["components"]?["schemas"]?.object?.members ?? []
        definitions = Dictionary(members.map { (Self.plain($0.name), Self.local($0.value)) }) { first, _ in first }
    }

    func schema(_ document: JSONValue) throws -> JSONSchema {
        try JSONSchema(Self.local(document), definitions: definitions)
    }

    /// With references of the kind that contracts have.
    private static func local(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { member in
                        guard member.name == "$ref", let text = member.value.string,
                            let name = text.split(separator: "/").last
                        else { return .init(name: member.name, value: local(member.value)) }
                        return .init(name: "$ref", value: .string("#/schemas/\(plain(String(name)))"))
                    }))
        case .array(let elements): .array(elements.map(local))
        default: value
        }
    }

    private static func plain(_ name: String) -> String { name.replacing("_", with: "") }
}
