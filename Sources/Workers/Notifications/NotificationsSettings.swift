/// What an operator decides about mail.
public struct NotificationsSettings: Sendable {
    /// Where mails are written, one `.eml` file each; made when it is missing.
    public var mailFolder: String
    let from: MailAddress

    /// - Parameter from: who writes, `Flotilla <no-reply@shop.example>` or an address alone.
    /// - Throws: ``NotificationsSettingsError`` when `from` is neither.
    public init(
        mailFolder: String, from: String = "Flotilla <no-reply@flotilla.example>"
    ) throws(NotificationsSettingsError) {
        guard let address = MailAddress(parsing: from) else {
            throw NotificationsSettingsError(
                description: "the sender of mails is \(from.debugDescription); expected Name <address>, or an address")
        }
        self.mailFolder = mailFolder
        self.from = address
    }
}

/// What is wrong with the settings, in one line.
public struct NotificationsSettingsError: Error, CustomStringConvertible {
    public let description: String
}
