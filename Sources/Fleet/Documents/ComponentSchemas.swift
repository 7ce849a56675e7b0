import Contracts
import JSON
import Schema

/// The schemas of all contracts as components of one document: `#/schemas/Order` of the worker `orders` is
/// `#/components/schemas/Orders_Order`.
struct ComponentSchemas {
    static let path = "#/components/schemas/"

    /// What comes before the names of a worker's schemas.
    private let prefixes: [String: String]
    /// Whose schemas mean what JSON Schema says: an object that does not say that it is closed is open.
    let foreign: Set<String>
    private var all: [JSONObject.Member] = []

    init(_ contracts: ContractSet, foreign: Set<String> = []) {
        self.foreign = foreign
        prefixes = Naming.distinct(contracts.contracts.map(\.name), Naming.pascal)
        for contract in contracts.contracts {
            for definition in contract.schemas {
                let name = self.name(definition.name, of: contract.name)
                all.append(.init(name: name, value: schema(definition.schema.document, of: contract.name)))
            }
        }
    }

    /// A schema as the document has it: references lead to components, and the fleet's objects say that they are closed.
    func schema(_ document: JSONValue, of worker: String) -> JSONValue {
        guard case .object(let object) = document else { return document }
        var members = object.members.map { member in
            JSONObject.Member(name: member.name, value: value(member.value, of: member.name, worker))
        }
        let isObject = object["type"]?.string == "object" || object["properties"] != nil
        if isObject, !foreign.contains(worker), object["additionalProperties"] == nil {
            members.append(.init(name: "additionalProperties", value: false))
        }
        return .object(JSONObject(members))
    }

    /// Those that a part of the document refers to, directly or through others, in the order of the contracts.
    func used(by part: JSONValue) -> [JSONObject.Member] {
        var wanted: Set<String> = []
        var open = [part]
        while let value = open.popLast() {
            for name in Self.references(in: value) where wanted.insert(name).inserted {
                if let schema = all.first(where: { $0.name == name }) { open.append(schema.value) }
            }
        }
        return all.filter { wanted.contains($0.name) }
    }

    private func name(_ schema: String, of worker: String) -> String { "\(prefixes[worker] ?? worker)_\(schema)" }

    /// Examples and names of properties may be spelled like keywords, so only values of keywords are looked into.
    private func value(_ value: JSONValue, of keyword: String, _ worker: String) -> JSONValue {
        switch (keyword, value) {
        case ("$ref", .string(let text)):
            let name = text.split(separator: "/").last.map(String.init) ?? text
            return .string(Self.path + self.name(name, of: worker))
        case ("properties", .object(let object)):
            return .object(
                JSONObject(object.members.map { .init(name: $0.name, value: schema($0.value, of: worker)) }))
        case ("items", _), ("additionalProperties", _): return schema(value, of: worker)
        case ("oneOf", .array(let branches)): return .array(branches.map { schema($0, of: worker) })
        default: return value
        }
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [String] in
                guard member.name == "$ref", let text = member.value.string, text.hasPrefix(path) else {
                    return references(in: member.value)
                }
                return [String(text.dropFirst(path.count))]
            }
        case .array(let elements): elements.flatMap(references)
        default: []
        }
    }
}
