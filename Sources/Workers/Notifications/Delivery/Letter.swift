import FoundationEssentials
import Worker

/// A message with all that is needed to render it.
struct Letter: Sendable {
    let message: DueMessage
    let recipient: Recipient
    let surroundings: MessageSurroundings
    let templates: Templates

    /// Takes about a tenth of a millisecond: not for the reactor.
    var words: RenderedMessage {
        if let text = message.oldText {
            let name = MailText.cleaned(recipient.firstName)
            let letter = "Hello\(name.isEmpty ? "" : " " + name),\n\n\(text)\nKind regards\nFlotilla\n"
            return RenderedMessage(subject: message.subject, text: letter, html: nil)
        }
        guard let template = message.template else {
            return RenderedMessage(subject: message.subject, text: "", html: nil)
        }
        return templates.render(
            template, subject: message.subject, message.data.adding(surroundings.members))
    }

    /// - Returns: nil when the recipient's address is none.
    func mail(from: MailAddress) -> MailMessage? {
        guard let to = MailAddress(name: recipient.fullName, address: recipient.email) else { return nil }
        return MailMessage(
            from: from, to: to, date: message.createdAt, id: "\(message.id.text)\(message.turn)@\(from.domain)",
            words: words, unsubscribeUrl: surroundings.unsubscribeUrl)
    }

    /// Names the mail's file: the same each time it is written.
    var fileName: String {
        let mailbox = message.template?.kind == .staff ? "-\(message.userId.reference.lowercased())" : ""
        return "\(message.eventId.text)-\(message.templateName)\(mailbox)\(message.turn).eml"
    }
}
