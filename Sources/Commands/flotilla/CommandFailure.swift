import ArgumentParser
import Contracts
import Glibc
import Ingress
import LocalFleet
import LocalServers
import Migrations
import NATS
import Notifications
import Postgres
import Streams
import StripeSimulator
import Users
import Worker

/// Why a command ends: one line for people and an exit code for scripts.
struct CommandFailure: Error {
    /// As in `sysexits.h`.
    enum Code: Int32 {
        /// The command line is wrong.
        case usage = 64
        /// Something that is needed is missing, taken or does not answer.
        case unavailable = 69
        /// Anything else.
        case `internal` = 70
        /// The configuration is wrong.
        case configuration = 78
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// From any error of the modules that commands use; nil for one of the argument parser, which says it better.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as LocalServerError: self.init(.unavailable, error.description)
        case let error as ScaleError: self.init(.usage, error.description)
        case let error as FleetError: self.init(.unavailable, error.description)
        case let error as MigrationError: self.init(.configuration, error.description)
        case let error as ContractErrors: self.init(.configuration, error.description)
        case let error as StreamPlanError:
            self.init(error.reason.code == .notPermitted ? .configuration : .unavailable, error.description)
        case let error as WorkerError: self.init(.configuration, error.description)
        case let error as IngressError: self.init(.configuration, error.description)
        case let error as TokenSignerError: self.init(.configuration, error.description)
        case let error as TemplateError: self.init(.configuration, "templates: \(error.description)")
        case let error as NotificationsSettingsError: self.init(.configuration, error.description)
        case let error as StripeSimulatorError: self.init(.unavailable, error.description)
        case let error as PostgresError: self.init(.unavailable, error.description)
        case let error as NATSError where [.authentication, .configuration].contains(error.code):
            self.init(.configuration, error.description)
        case let error as NATSError: self.init(.unavailable, error.description)
        case is CancellationError: self.init(.internal, "given up")
        case is ArgumentParser.ValidationError, is ExitCode, is CleanExit: return nil
        default:
            // The argument parser's own errors are not public; it gives them the usage code.
            guard Flotilla.exitCode(for: error) == .failure else { return nil }
            self.init(.internal, "\(error)")
        }
    }

    /// Writes `flotilla: …` to standard error as one line.
    static func say(_ message: String) {
        let line = Array("flotilla: \(message.split(separator: "\n").joined(separator: " | "))\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
