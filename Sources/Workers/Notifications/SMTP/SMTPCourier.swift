import FoundationEssentials
import Worker

/// Hands mails to an SMTP server.
///
/// Between the server's taking a mail and the mark in the database lies the one moment that cannot be made exact: a process that
/// ends there, or a connection that breaks before the server's answer to the mail, leaves a mail that will be sent again. It
/// then has the same `Message-ID`, by which servers and readers tell that they have it.
final class SMTPCourier: Courier {
    let channel = Channel.email
    let batchSize: Int
    let lease: Duration

    private let settings: SMTPSettings
    private let from: MailAddress
    private let pool: CurlPool

    /// So many mails for each connection are claimed at a time.
    private static let depth = 4
    private static let margin = Duration.seconds(15)

    init(_ settings: SMTPSettings, from: MailAddress) {
        self.settings = settings
        self.from = from
        pool = CurlPool(name: "smtp", connections: settings.connections)
        batchSize = settings.connections * Self.depth
        lease = settings.limit * Self.depth + Self.margin
    }

    @Reactor
    func deliver(_ letters: [Letter], until end: ContinuousClock.Instant) async -> [DeliveryOutcome] {
        let latest = end - settings.limit - .seconds(5)
        return await pool.each(letters) { [settings, from] letter, handle, flag in
            // Whoever claims it when the lease is over must not meet this one on its way.
            guard ContinuousClock.now < latest else { return .untried }
            guard let mail = letter.mail(from: from) else {
                return .skipped(reason: "the address is no e-mail address")
            }
            return SMTPTransfer(settings: settings, from: from, to: mail.to, bytes: mail.rendered()).run(handle, flag)
        }
    }

    @Reactor
    func stop() { pool.close() }

    @Reactor
    func abort() { pool.abort() }
}
