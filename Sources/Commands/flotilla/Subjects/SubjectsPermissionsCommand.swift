import ArgumentParser
import Deployment

/// Prints the users of the broker with what each may do.
struct SubjectsPermissionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Print an account for nats-server: a user for each worker, least privilege.",
        discussion: """
            The text belongs into the server's configuration, or into a file that it includes. Passwords are variables
            of the server's environment such as ORDERS_NATS_PASSWORD, with double quotes around their values.
            """)

    @OptionGroup var contracts: SubjectsOptions

    func run() async throws {
        do {
            let text = try BrokerPermissions(try contracts.load()).configuration(passwords: .environment)
            print(text, terminator: "")
        } catch let error as BrokerPermissionsError {
            throw CommandFailure(.configuration, error.description)
        }
    }
}
