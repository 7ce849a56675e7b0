import Testing

@Suite("The house")
struct HouseTests {
    @Test("every room imports only whom it may know")
    func imports() {
        let files = Repository.files
        #expect(files.contains { $0.floor == "Transport" })
        let found = files.flatMap(ImportRules.violations)
        #expect(found.isEmpty, "\(found.map(\.description).joined(separator: "\n"))")
    }

    @Test("no file breaks a rule of the code")
    func code() {
        let files = Repository.files
        #expect(files.count > 50)
        let found = files.flatMap(CodeRules.violations)
        #expect(found.isEmpty, "\(found.map(\.description).joined(separator: "\n"))")
    }

    @Test(
        "a newcomer finds what a newcomer looks for",
        arguments: [
            "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "Package.swift", "subjects", "migrations", "templates",
            "docker/nats/nats.conf",
            "docker/postgres/postgresql.conf",
        ])
    func presence(path: String) {
        #expect(Repository.exists(path), "\(path) is missing")
    }

    @Test("the scripts can be run", arguments: ["flotilla", ".ci/run"])
    func scripts(path: String) {
        #expect(Repository.isExecutable(path), "\(path) is not executable")
    }
}
