/// The contracts of a fleet, checked against each other.
public struct ContractSet: Sendable {
    /// Ordered by name.
    public let contracts: [Contract]
    private let endpointsBySubject: [String: EndpointContract]
    private let streamsByName: [String: EventStream]

    /// - Throws: what the contracts get wrong about each other; the problems name the worker in place of a file.
    public init(_ contracts: [Contract]) throws(ContractErrors) {
        let problems = ContractCheck(contracts).problems()
        guard problems.isEmpty else { throw ContractErrors(problems) }
        self.init(checked: contracts)
    }

    init(checked contracts: [Contract]) {
        self.contracts = contracts.sorted { $0.name < $1.name }
        let endpoints = self.contracts.flatMap(\.endpoints)
        endpointsBySubject = Dictionary(endpoints.map { ($0.subject, $0) }) { first, _ in first }
        streamsByName = Dictionary(contracts.compactMap(\.stream).map { ($0.name, $0) }) { first, _ in first }
    }

    public subscript(worker: String) -> Contract? {
        contracts.first { $0.name == worker }
    }

    public func endpoint(subject: String) -> EndpointContract? {
        endpointsBySubject[subject]
    }

    public func stream(named name: String) -> EventStream? {
        streamsByName[name]
    }

    /// The streams that a worker consumes.
    public func consumed(by worker: String) -> [(consumption: Consumption, stream: EventStream)] {
        self[worker]?.consumes.compactMap { consumption in
            stream(named: consumption.stream).map { (consumption, $0) }
        } ?? []
    }
}
