import ArgumentParser
import Contracts
import Deployment

/// Compares the contracts with an older version of them.
struct SubjectsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Print what changed since an older version of the contracts.",
        discussion: """
            The exit code is 1 when callers or consumers that worked before may fail.
            Example: git worktree add ../old main && flotilla subjects diff ../old/subjects
            """)

    @OptionGroup var contracts: SubjectsOptions

    @Argument(help: "The folder of the older contracts.")
    var old: String

    func run() async throws {
        let diff = ContractDiff(old: try ContractSet.load(directory: old), new: try contracts.load())
        print(diff.changes.isEmpty ? "nothing changed" : diff.text)
        if diff.isBreaking { throw ExitCode(1) }
    }
}
