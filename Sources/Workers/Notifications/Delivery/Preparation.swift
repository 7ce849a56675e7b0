import FoundationEssentials
import Worker

/// Gives due messages what their rows do not hold: the recipient, a secret, the addresses of the shop.
@Reactor
final class Preparation {
    private let templates: Templates
    private let shopURL: String
    private let publicURL: String
    private let unsubscribeKey: UnsubscribeKey

    nonisolated init(_ settings: NotificationsSettings, _ unsubscribeKey: UnsubscribeKey) {
        self.unsubscribeKey = unsubscribeKey
        templates = settings.templates
        shopURL = settings.shopURL
        publicURL = settings.publicURL
    }

    /// Whether nobody has to be asked about it.
    func isComplete(_ message: DueMessage) -> Bool {
        message.recipient != nil && message.template?.secretPage == nil
    }

    /// - Parameter messages: those whose recipient is known; others are left out.
    func letters(_ messages: [DueMessage], _ context: Context) async throws -> [Letter] {
        guard !messages.isEmpty else { return [] }
        let key = try await unsubscribeKey.value(context)
        return messages.compactMap { message in
            guard let recipient = message.recipient else { return nil }
            let name = MailText.cleaned(recipient.firstName)
            return Letter(
                message: message, recipient: recipient,
                surroundings: MessageSurroundings(
                    firstName: name.isEmpty ? nil : name, email: recipient.email, shopUrl: shopURL,
                    publicUrl: publicURL,
                    unsubscribeUrl: unsubscribeURL(message, key)),
                templates: templates)
        }
    }

    /// Nil for what its recipient cannot do without.
    private func unsubscribeURL(_ message: DueMessage, _ key: [UInt8]) -> String? {
        guard let kind = message.template?.kind, kind.isOptional else { return nil }
        let token = UnsubscribeToken(userId: message.userId, kind: kind).text(key)
        return "\(publicURL)/api/v1/notifications/unsubscribe/\(token)"
    }

    /// Asks users for accounts whose event has not arrived here yet, and for secrets.
    /// - Returns: the messages that are complete now, and what is to be noted of the others.
    func complete(
        _ messages: [DueMessage], _ context: Context
    ) async -> (messages: [DueMessage], records: [DeliveryRecord]) {
        var inquiry = Inquiry(context)
        var completed: [DueMessage] = []
        var records: [DeliveryRecord] = []
        for message in messages {
            switch await complete(message, &inquiry) {
            case .success(let message): completed.append(message)
            case .failure(let end): records.append(DeliveryRecord(message: message, outcome: end.outcome))
            }
        }
        return (completed, records)
    }

    private struct End: Error {
        let outcome: DeliveryOutcome
    }

    private func complete(_ message: DueMessage, _ inquiry: inout Inquiry) async -> Result<DueMessage, End> {
        var message = message
        if message.recipient == nil {
            switch await inquiry.recipient(message.userId) {
            case .success(let recipient): message.recipient = recipient
            case .failure(let error) where error.status == 404:
                return .failure(End(outcome: .skipped(reason: "there is no such user")))
            case .failure(let error): return .failure(End(outcome: .failed(reason: "users.get: \(error.detail)")))
            }
        }
        guard let page = message.template?.secretPage else { return .success(message) }
        switch await inquiry.token(message.data["tokenId"]?.string ?? "") {
        case .success(let token):
            message.data["token"] = .string(token)
            // Behind a #, so that it is in no log of a server; and opening it does nothing by itself.
            message.data["link"] = .string("\(shopURL)/\(page)#token=\(token)")
            return .success(message)
        case .failure(let error) where error.status == 404 || error.status == 410:
            return .failure(End(outcome: .skipped(reason: "what it is for was used, replaced or has expired")))
        case .failure(let error): return .failure(End(outcome: .failed(reason: "users.secret: \(error.detail)")))
        }
    }
}
