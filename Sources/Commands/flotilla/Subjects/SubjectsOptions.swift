import ArgumentParser
import Contracts
import LocalServers

/// Where the contracts are that a command reads.
struct SubjectsOptions: ParsableArguments {
    @Option(help: "The folder of the contracts (default: FLOTILLA_SUBJECTS, or subjects/ of this repository).")
    var subjects: String?

    /// - Throws: `ContractErrors` with all that is wrong with them, and when no folder is found.
    func load() throws -> ContractSet {
        try ContractSet.load(directory: try directory())
    }

    func directory() throws -> String {
        if let given = subjects ?? Surroundings().optional("FLOTILLA_SUBJECTS") { return given }
        return "\(try Home.find())/subjects"
    }
}
