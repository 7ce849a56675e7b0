import ArgumentParser
import Deployment

/// Prints the users of the broker with what each may do.
struct SubjectsPermissionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Print an account for nats-server: a user for each worker, least privilege.",
        discussion: """
            The text belongs into the server's configuration, or into a file that it includes. Passwords are variables
            of the server's environment such as ORDERS_NATS_PASSWORD, with double quotes around their values. Each process
            logs in by FLOTILLA_NATS_USER and FLOTILLA_NATS_PASSWORD(_FILE).
            """)

    @OptionGroup var contracts: SubjectsOptions
    @OptionGroup var services: ServiceOptions

    func run() async throws {
        let permissions = try services.permissions(try contracts.load())
        print(permissions.configuration(passwords: .environment), terminator: "")
    }
}
