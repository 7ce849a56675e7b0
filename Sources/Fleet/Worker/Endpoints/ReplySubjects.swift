import Logging
import NATS
import Reactor

/// Who is answered: inboxes, subjects whose first token is `_INBOX` or begins with `_INBOX_`.
///
/// The broker lets a worker publish to whatever subject a request names for its reply. Were that the subject of an endpoint,
/// the reply would arrive there as a request without `Flotilla-Actor`, which is that of a trusted worker. The same goes for an
/// event that JetStream was told to deliver to an endpoint; its reply subject is the one to acknowledge it.
@Reactor
final class ReplySubjects {
    private let logger: Logger
    /// First tokens that were logged.
    private var known: Set<String> = []

    private static let knownLimit = 64

    init(logger: Logger) {
        self.logger = logger
    }

    /// Whether a request may be worked on: it wants no reply, or one to an inbox.
    func allow(_ message: NATSMessage) -> Bool {
        guard message.wantsReply, !message.repliesToInbox else { return true }
        let prefix = String((message.reply ?? "").prefix { $0 != "." }.prefix(64))
        if known.count < Self.knownLimit, known.insert(prefix).inserted {
            logger.debug(
                "a request is passed over: its reply subject is no inbox",
                metadata: ["subject": "\(message.subject)", "replyPrefix": "\(prefix)"])
        }
        return false
    }
}
