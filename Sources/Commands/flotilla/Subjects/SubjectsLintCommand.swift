import ArgumentParser
import Contracts
import Deployment

/// Says whether the contracts are in order.
struct SubjectsLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check the contracts; every problem is printed on a line of its own.",
        discussion: "The exit code is 0 when they are in order, 78 otherwise.")

    @OptionGroup var contracts: SubjectsOptions

    func run() async throws {
        let set: ContractSet
        do {
            set = try contracts.load()
            _ = try BrokerPermissions(set)
        } catch let errors as ContractErrors {
            print(errors)
            throw ExitCode(CommandFailure.Code.configuration.rawValue)
        } catch let error as BrokerPermissionsError {
            print(error)
            throw ExitCode(CommandFailure.Code.configuration.rawValue)
        }
        let endpoints = set.contracts.reduce(0) { $0 + $1.endpoints.count }
        let types = set.contracts.reduce(0) { $0 + ($1.stream?.types.count ?? 0) }
        print(
            [
                Self.count(set.contracts.count, "contract"), Self.count(endpoints, "endpoint"),
                Self.count(types, "event type"),
            ].joined(separator: ", ") + ": in order")
    }

    private static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }
}
