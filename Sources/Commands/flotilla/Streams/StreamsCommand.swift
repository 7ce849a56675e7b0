import ArgumentParser

/// The streams of the broker and the durable consumers on them.
struct StreamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "streams", abstract: "Make the streams and consumers of the contracts.",
        subcommands: [StreamsApplyCommand.self])
}
