import Contracts

/// Contracts of the fleet, and what follows from them.
struct RoutePrecedence: Sendable {
    let workers: Set<String>
    /// First tokens of subjects: those of workers, of streams, of what the ingress itself asks.
    let prefixes: Set<String>
    let routes: [HTTPRoute]
    /// How documents call the endpoints of the contracts.
    let operations: Set<String>
    let contracts: ContractSet
    /// Services that the operator trusts: they come before all others.
    let trusted: Set<String>

    init(_ contracts: ContractSet, ownSubjects: [String], trusted: Set<String>) {
        self.contracts = contracts
        self.trusted = trusted
        workers = Set(contracts.contracts.map(\.name))
        prefixes = workers.union(contracts.contracts.compactMap { $0.stream?.prefix })
            .union(ownSubjects.compactMap { $0.split(separator: ".").first.map(String.init) })
        operations = Set(contracts.contracts.flatMap(\.endpoints).map { Self.operation($0.subject) })
        routes = contracts.contracts.flatMap(\.endpoints).filter { $0.access != .internal }.compactMap(\.http)
    }

    /// What a subject becomes where only letters, digits and underscores may stand.
    static func operation(_ subject: String) -> String {
        subject.lowercased().replacing(".", with: "_").replacing("-", with: "_")
    }
}
