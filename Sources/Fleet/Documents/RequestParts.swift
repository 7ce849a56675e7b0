import Contracts
import JSON
import Schema

/// The request of an endpoint, taken apart into what its path, its query and its body hold.
struct RequestParts {
    let path: [JSONSchema.Property]
    let query: [JSONSchema.Property]
    /// As the contract spells it. Nil when the body has no members.
    let body: JSONValue?
    let needsBody: Bool

    /// - Parameter isClosed: whether objects that say nothing else have only the members that they declare.
    init(_ endpoint: EndpointContract, _ http: HTTPRoute, in contract: Contract, isClosed: Bool) {
        let properties = endpoint.request?.properties ?? []
        func named(_ names: [String]) -> [JSONSchema.Property] {
            names.compactMap { name in properties.first { $0.name == name } }
        }
        path = named(http.parameters)
        query = named(http.query.map(\.name))
        let elsewhere = Set(http.parameters + http.query.map(\.name))
        let definitions = Dictionary(contract.schemas.map { ($0.name, $0.schema.document) }) { first, _ in first }
        let mayHaveBody = http.method != .get && http.method != .delete
        let cut = Cut(names: elsewhere, definitions: definitions, isOpen: !isClosed && mayHaveBody)
        guard let document = endpoint.request?.document else {
            // Nothing is said of it, so that it may be anything.
            let open: JSONValue = ["type": "object", "additionalProperties": true]
            body = mayHaveBody ? .some(open) : .none
            needsBody = endpoint.rawBody
            return
        }
        let rest = cut.rest(of: document)
        body = cut.holdsMembers(rest) ? .some(rest) : .none
        needsBody = cut.needsMembers(rest)
    }

    /// One example of a parameter, from those of the whole request.
    static func example(of name: String, in request: JSONSchema?) -> JSONValue? {
        request?.examples.lazy.compactMap { $0[name] }.first
    }
}

/// Takes members out of a schema.
private struct Cut {
    let names: Set<String>
    let definitions: [String: JSONValue]
    /// What an object is that says nothing of other members.
    let isOpen: Bool

    /// A reference stays one where there is nothing to take out.
    func rest(of document: JSONValue) -> JSONValue {
        guard !names.isEmpty else { return document }
        var rest = resolved(document)
        if let branches = rest["oneOf"]?.array { rest = rest.with("oneOf", .array(branches.map(self.rest))) }
        if rest["properties"] != nil { rest = rest.with("properties", without(rest["properties"])) }
        if let required = rest["required"]?.array {
            let others = required.filter { $0.string.map { !names.contains($0) } ?? true }
            rest = rest.with("required", others.isEmpty ? nil : .array(others))
        }
        if let examples = rest["examples"]?.array {
            var others: [JSONValue] = []
            for example in examples.compactMap(without) where !others.contains(example) { others.append(example) }
            rest = rest.with("examples", .array(others))
        }
        return rest
    }

    func holdsMembers(_ document: JSONValue) -> Bool {
        let schema = resolved(document)
        let isOpen = schema["additionalProperties"].map { $0 != false } ?? self.isOpen
        return isOpen || schema["oneOf"] != nil || schema["properties"]?.object.map { !$0.isEmpty } ?? false
    }

    func needsMembers(_ document: JSONValue) -> Bool {
        let schema = resolved(document)
        return schema["oneOf"] != nil || schema["required"]?.array.map { !$0.isEmpty } ?? false
    }

    private func without(_ value: JSONValue?) -> JSONValue? {
        guard case .object(let object)? = value else { return value }
        return .object(JSONObject(object.members.filter { !names.contains($0.name) }))
    }

    private func resolved(_ document: JSONValue) -> JSONValue {
        var document = document
        // A contract that was checked has no circle of references, but this must end without that, too.
        for _ in 0...definitions.count {
            guard let name = document["$ref"]?.string?.split(separator: "/").last,
                let target = definitions[String(name)]
            else { break }
            document = target
        }
        return document
    }
}
