/// All that is wrong with the contracts.
public struct ContractErrors: Error, Sendable, Hashable {
    /// At least one, ordered by place.
    public let problems: [ContractProblem]

    init(_ problems: [ContractProblem]) {
        self.problems = problems.sorted {
            ($0.file, $0.line ?? 0, $0.column ?? 0) < ($1.file, $1.line ?? 0, $1.column ?? 0)
        }
    }
}

extension ContractErrors: CustomStringConvertible {
    /// One line for each problem.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}

/// One thing that is wrong, and where.
public struct ContractProblem: Sendable, Hashable {
    public let file: String
    /// From 1; nil when it concerns the whole file.
    public let line: Int?
    /// From 1.
    public let column: Int?
    /// For instance `endpoints[1].http`; empty for the whole file.
    public let path: String
    /// What was expected and what was found.
    public let message: String
}

extension ContractProblem: CustomStringConvertible {
    /// `subjects/orders.yaml:12:5: endpoints[1].http: expected "METHOD /path", got "orders"`
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
}
