import ArgumentParser

/// Tools for notifications.
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications", abstract: "Look at the messages that go to people.",
        subcommands: [NotificationsPreviewCommand.self])
}
