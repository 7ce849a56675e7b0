import ArgumentParser
import JSON
import NATS
import Reactor

/// Looks at the events of the fleet.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Look at the events of the fleet.", subcommands: [TailCommand.self])

    /// Prints events as they are published, until interrupted.
    struct TailCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tail", abstract: "Print events as they are published, one line each, until interrupted.")

        @OptionGroup var fleet: ClientOptions

        @Argument(help: "The first token of the subjects, for example order-events (default: all streams).")
        var streams: [String] = ["user-events", "order-events", "inventory-events", "payment-events"]

        @Option(help: "End after this many events.")
        var count: Int?

        func run() async throws {
            let nats = try await fleet.connect(as: "flotilla-tail")
            let (lines, continuation) = AsyncStream.makeStream(
                of: String.self, bufferingPolicy: .bufferingNewest(10_000))
            for stream in streams {
                _ = try await nats.subscribe("\(stream).>") { message in
                    continuation.yield(Self.line(message))
                }
            }
            var left = count ?? Int.max
            for await line in lines where left > 0 {
                print(line)
                left -= 1
                if left == 0 { break }
            }
            await nats.close()
        }

        private static func line(_ message: NATSMessage) -> String {
            let time = message.header("ce-time") ?? "-"
            let version = message.header("ce-sequence") ?? "-"
            return "\(time)  \(message.subject)  v\(version)  \(String(decoding: message.body, as: UTF8.self))"
        }
    }
}
