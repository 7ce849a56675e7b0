import Foundation
import Notifications

extension NotificationsSettings {
    static let help = """
        FLOTILLA_MAIL_DIR                          notifications: the folder that mails are written into, or
        FLOTILLA_SMTP_URL                          the server that takes them: smtp://user@host:587, smtps://host
        FLOTILLA_SMTP_PASSWORD(_FILE)              the user's password
        FLOTILLA_SMTP_TLS                          required, opportunistic or off (default: required, but on this machine)
        FLOTILLA_SMTP_CA_FILE                      PEM certificates to check the server's with (default: the system's)
        FLOTILLA_SMTP_CONNECTIONS                  mails handed over at a time (default: 4)
        FLOTILLA_MAIL_FROM                         who writes, Name <address>
        FLOTILLA_STAFF_MAIL                        who hears of low stock and failures; addresses with commas between
        FLOTILLA_DIGEST_S                          seconds between two mails about failures (default: 86400)
        FLOTILLA_SHOP_URL                          where links in mails lead (default: http://127.0.0.1:8080)
        FLOTILLA_PUBLIC_URL                        where the ingress is for people's mail readers (default: the shop's)
        FLOTILLA_NOTIFICATIONS_WEBHOOK_URL         who else is told, by signed requests
        FLOTILLA_NOTIFICATIONS_WEBHOOK_SECRET(_FILE)
        FLOTILLA_TEMPLATES                         the folder of the templates (default: templates)
        """

    init(_ surroundings: Surroundings) throws {
        let staff = surroundings.optional("FLOTILLA_STAFF_MAIL")?.split(separator: ",") ?? []
        try self.init(
            mail: try Self.mail(surroundings),
            templates: try Templates(directory: surroundings.optional("FLOTILLA_TEMPLATES") ?? "templates"),
            from: surroundings.optional("FLOTILLA_MAIL_FROM") ?? Self.defaultSender,
            staff: staff.map { $0.trimmingCharacters(in: .whitespaces) })
        shopURL = try Self.base(surroundings, "FLOTILLA_SHOP_URL") ?? shopURL
        publicURL = try Self.base(surroundings, "FLOTILLA_PUBLIC_URL") ?? shopURL
        digestPeriod = try surroundings.seconds("FLOTILLA_DIGEST_S", default: 86_400)
        if let url = surroundings.optional("FLOTILLA_NOTIFICATIONS_WEBHOOK_URL") {
            webhook = try WebhookSettings(
                url: url, secret: try surroundings.secret("FLOTILLA_NOTIFICATIONS_WEBHOOK_SECRET"))
        }
    }

    private static func mail(_ surroundings: Surroundings) throws -> Mail {
        guard let url = surroundings.optional("FLOTILLA_SMTP_URL") else {
            return .folder(try surroundings.required("FLOTILLA_MAIL_DIR", example: "/var/spool/flotilla"))
        }
        let hasPassword = ["FLOTILLA_SMTP_PASSWORD", "FLOTILLA_SMTP_PASSWORD_FILE"].contains {
            surroundings.optional($0) != nil
        }
        var settings = try SMTPSettings(
            url: url, password: hasPassword ? try surroundings.secret("FLOTILLA_SMTP_PASSWORD") : nil,
            encryption: try encryption(surroundings))
        settings.authorities = surroundings.optional("FLOTILLA_SMTP_CA_FILE")
        settings.connections = try surroundings.integer(
            "FLOTILLA_SMTP_CONNECTIONS", default: settings.connections, in: 1...64)
        return .smtp(settings)
    }

    private static func encryption(_ surroundings: Surroundings) throws -> SMTPSettings.Encryption? {
        guard let text = surroundings.optional("FLOTILLA_SMTP_TLS") else { return nil }
        guard let encryption = SMTPSettings.Encryption(rawValue: text) else {
            throw CommandFailure(.configuration, "FLOTILLA_SMTP_TLS=\(text): expected required, opportunistic or off")
        }
        return encryption
    }

    /// A URL without slashes at its end.
    private static func base(_ surroundings: Surroundings, _ name: String) throws -> String? {
        guard var url = try surroundings.webURL(name) else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
