import ArgumentParser

/// Tools for orders.
struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Look into orders: their timelines, and their projection.",
        subcommands: [OrdersTimelineCommand.self, OrdersRebuildCommand.self])
}
