import ArgumentParser
import Contracts
import Deployment

/// The services without a contract that get a user of the broker.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customLong("service"),
        help: ArgumentHelp(
            "A user for a service without a contract, with the subjects NAME.> or the given ones; may be repeated.",
            valueName: "name[=prefix.>]"))
    var services: [String] = []

    /// The users of contracts and services.
    /// - Throws: `CommandFailure`: usage for a service that cannot be one or that clashes, else configuration.
    func permissions(_ contracts: ContractSet) throws(CommandFailure) -> BrokerPermissions {
        do throws(BrokerPermissionsError) {
            // Without services first, so that what is wrong then is the contracts' fault.
            _ = try BrokerPermissions(contracts)
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
        do throws(BrokerPermissionsError) {
            var parsed: [ForeignService] = []
            for text in services { parsed.append(try ForeignService(text)) }
            return try BrokerPermissions(contracts, services: parsed)
        } catch {
            throw CommandFailure(.usage, "--service: \(error.description)")
        }
    }
}
