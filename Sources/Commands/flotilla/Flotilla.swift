import ArgumentParser
import Glibc

/// The root of the command tree: one executable, a command per role. A new command is a file with a type and a line here.
@main
struct Flotilla: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flotilla",
        abstract: "An order backend as a fleet of workers on NATS.",
        subcommands: [
            UpCommand.self,
            MigrateCommand.self,
            DemoCommand.self,
            SoakCommand.self,
            CheckCommand.self,
            BenchCommand.self,
            PsCommand.self,
            CallCommand.self,
            EventsCommand.self,
            OrdersCommand.self,
            NotificationsCommand.self,
            WorkerCommand.self,
            IngressCommand.self,
            StripeCommand.self,
            SubjectsCommand.self,
            StreamsCommand.self,
        ])

    static func main() async {
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// One clear line on standard error and an exit code of `sysexits.h`; help goes to standard output.
    private static func end(with error: any Error) -> Never {
        if let failure = CommandFailure(error) {
            CommandFailure.say(failure.message)
            Glibc.exit(failure.code.rawValue)
        }
        // A command that has said all there is to say, in its own words.
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        guard exitCode(for: error) != .success else { exit(withError: error) }
        let lines = message(for: error).split(separator: "\n").joined(separator: " ")
        CommandFailure.say("\(lines) (see --help)")
        Glibc.exit(CommandFailure.Code.usage.rawValue)
    }
}
