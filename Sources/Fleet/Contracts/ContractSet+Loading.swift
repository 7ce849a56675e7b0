import FoundationEssentials

/// The text of one contract.
public struct ContractSource: Sendable {
    /// The path that messages show; the last component without `.yaml` must be the worker's name.
    public let name: String
    public let text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

extension ContractSet {
    /// Reads every `*.yaml` in a folder.
    /// - Throws: all problems at once, each with file, line and column.
    public static func load(directory: String) throws(ContractErrors) -> ContractSet {
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".yaml") }
                .sorted()
        } catch {
            throw ContractErrors([
                .init(file: directory, "cannot be read; expected a folder with one YAML file for each worker")
            ])
        }
        guard !files.isEmpty else {
            throw ContractErrors([.init(file: directory, "holds no contract; expected one YAML file for each worker")])
        }
        var sources: [ContractSource] = []
        var unreadable: [ContractProblem] = []
        for file in files {
            let path = directory.hasSuffix("/") ? directory + file : "\(directory)/\(file)"
            if let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
            {
                sources.append(ContractSource(name: path, text: text))
            } else {
                unreadable.append(.init(file: path, "cannot be read as UTF-8 text"))
            }
        }
        return try read(sources, alreadyFound: unreadable)
    }

    /// Reads contracts from texts.
    public static func read(_ sources: [ContractSource]) throws(ContractErrors) -> ContractSet {
        try read(sources, alreadyFound: [])
    }

    private static func read(
        _ sources: [ContractSource], alreadyFound: [ContractProblem]
    ) throws(ContractErrors) -> ContractSet {
        var problems = alreadyFound
        var contracts: [Contract] = []
        var files: [String: ContractFile] = [:]
        for source in sources {
            let file = ContractFile(name: source.name)
            if let contract = file.read(source.text) {
                contracts.append(contract)
                if files[contract.name] == nil { files[contract.name] = file }
            }
            problems += file.problems
        }
        // What a faulty file leaves out would look like wrong references to it.
        problems += ContractCheck(contracts, files: files).problems(references: problems.isEmpty)
        guard problems.isEmpty else { throw ContractErrors(problems) }
        return ContractSet(checked: contracts)
    }
}

extension ContractProblem {
    init(file: String, _ message: String) {
        self.init(file: file, line: nil, column: nil, path: "", message: message)
    }
}
