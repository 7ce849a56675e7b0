import Contracts
import JSON
import Schema

/// Compares schemas of two versions of one contract, each with the definitions of its own.
struct SchemaComparison {
    private let old: [String: JSONValue]
    private let new: [String: JSONValue]

    init(old: Contract, new: Contract) {
        self.old = Self.definitions(old)
        self.new = Self.definitions(new)
    }

    private static func definitions(_ contract: Contract) -> [String: JSONValue] {
        Dictionary(contract.schemas.map { ($0.name, $0.schema.document) }) { first, _ in first }
    }

    /// In the order of the new schema. Nil stands for a part that the contract says nothing about.
    func changes(_ before: JSONSchema?, _ after: JSONSchema?) -> [SchemaChange] {
        switch (before, after) {
        case (nil, nil): return []
        case (nil, _?): return [SchemaChange(pointer: "", words: "has a schema now", effect: .narrowed)]
        case (_?, nil): return [SchemaChange(pointer: "", words: "has no schema any more", effect: .widened)]
        case (let before?, let after?):
            var walk = SchemaWalk(old: old, new: new)
            walk.compare(before.document, after.document, at: "")
            return walk.found
        }
    }
}
