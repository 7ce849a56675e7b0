import ArgumentParser

/// What the contracts say, and what is made of them.
struct SubjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subjects", abstract: "Look at the contracts, check them, and make documents of them.",
        subcommands: [
            SubjectsListCommand.self,
            SubjectsLintCommand.self,
            SubjectsOpenAPICommand.self,
            SubjectsAsyncAPICommand.self,
            SubjectsPermissionsCommand.self,
            SubjectsDiffCommand.self,
        ])
}
