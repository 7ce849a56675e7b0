public import Contracts

/// What changed between two versions of the contracts, and what of it breaks callers or consumers.
///
/// Members that are added to replies and events break nobody: readers are to pass over what they do not know.
public struct ContractDiff: Sendable {
    /// What breaks first, then versions that were not raised, then the rest; each by worker, in the order of the contract.
    public let changes: [ContractChange]

    public init(old: ContractSet, new: ContractSet) {
        let names = Set(old.contracts.map(\.name)).union(new.contracts.map(\.name)).sorted()
        let found = names.flatMap { Self.changes(of: $0, old[$0], new[$0]) }
        changes = [ContractChange.Kind.breaking, .version, .compatible].flatMap { kind in
            found.filter { $0.kind == kind }
        }
    }

    public var isBreaking: Bool { changes.contains(where: \.isBreaking) }

    /// One line for each change; empty without any.
    public var text: String {
        changes.map(\.description).joined(separator: "\n")
    }

    private static func changes(of worker: String, _ old: Contract?, _ new: Contract?) -> [ContractChange] {
        switch (old, new) {
        case (let old?, let new?):
            var comparison = ContractComparison(old: old, new: new)
            comparison.run()
            return comparison.changes
        case (nil, _?):
            return [ContractChange(worker: worker, subject: .worker, words: "is new", kind: .compatible)]
        case (_?, nil):
            return [ContractChange(worker: worker, subject: .worker, words: "is gone", kind: .breaking)]
        case (nil, nil): return []
        }
    }
}
