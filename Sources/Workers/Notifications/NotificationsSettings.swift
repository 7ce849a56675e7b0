/// What an operator decides about messages.
public struct NotificationsSettings: Sendable {
    /// Where mails go.
    public enum Mail: Sendable {
        /// Into a folder, one `.eml` file each; it is made when it is missing.
        case folder(String)
        case smtp(SMTPSettings)
    }

    let mail: Mail
    /// Who else is told of every message.
    public var webhook: WebhookSettings?
    /// Where the pages of the shop are, without a slash at the end: links lead there.
    public var shopURL = "http://127.0.0.1:8080"
    /// Where the ingress is, as the readers of mails reach it.
    public var publicURL = "http://127.0.0.1:8080"
    /// Who writes where nobody says otherwise.
    public static let defaultSender = "Flotilla <no-reply@flotilla.example>"
    /// How often the staff hear of what could not be delivered.
    public var digestPeriod = Duration.seconds(86_400)
    let templates: Templates
    let from: MailAddress
    /// Who hears of what runs low and of what could not be delivered.
    private(set) var staff: [MailAddress] = []

    /// - Parameters:
    ///   - from: who writes, `Flotilla <no-reply@shop.example>` or an address alone.
    ///   - staff: addresses of those who run the shop, each like `from`.
    /// - Throws: ``NotificationsSettingsError`` when one of them is no address.
    public init(
        mail: Mail, templates: Templates, from: String = NotificationsSettings.defaultSender,
        staff: [String] = []
    ) throws(NotificationsSettingsError) {
        self.mail = mail
        self.templates = templates
        self.from = try Self.address(from, "the sender of mails")
        for text in staff { self.staff.append(try Self.address(text, "an address of the staff")) }
    }

    var channels: [Channel] { webhook == nil ? [.email] : [.email, .webhook] }

    var couriers: [any Courier] {
        let mail: any Courier =
            switch mail {
            case .folder(let path): FolderCourier(path: path, from: from)
            case .smtp(let settings): SMTPCourier(settings, from: from)
            }
        return [mail] + (webhook.map { [WebhookCourier($0)] } ?? [])
    }

    private static func address(_ text: String, _ what: String) throws(NotificationsSettingsError) -> MailAddress {
        guard let address = MailAddress(parsing: text) else {
            throw NotificationsSettingsError(
                description: "\(what) is \(text.debugDescription); expected Name <address>, or an address")
        }
        return address
    }
}

/// What is wrong with the settings, in one line.
public struct NotificationsSettingsError: Error, CustomStringConvertible {
    public let description: String
}
