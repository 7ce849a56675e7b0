import FoundationEssentials
import Worker

/// Puts mails into a folder. Rendering and writing have a thread of their own.
final class FolderCourier: Courier {
    let channel = Channel.email
    let batchSize = 200
    let lease = Duration.seconds(30)

    private let folder: MailFolder
    private let from: MailAddress
    private let writers = BlockingPool(name: "mail", threads: 1, queueLimit: 4)

    init(path: String, from: MailAddress) {
        folder = MailFolder(path: path)
        self.from = from
    }

    deinit {
        writers.shutdown()
    }

    @Reactor
    func deliver(_ letters: [Letter], until end: ContinuousClock.Instant) async -> [DeliveryOutcome] {
        let (folder, from) = (folder, from)
        do {
            return try await writers.run {
                let mails = letters.map { letter in
                    letter.mail(from: from).map { mail in
                        MailFolder.File(
                            name: letter.fileName, attempt: letter.message.attempt, bytes: mail.rendered())
                    }
                }
                var errors = folder.write(mails.compactMap { $0 })[...]
                return mails.map { mail -> DeliveryOutcome in
                    guard mail != nil else { return .skipped(reason: "the address is no e-mail address") }
                    let error = errors.popFirst() ?? nil
                    return error.map { .failed(reason: "\($0)") } ?? .sent
                }
            }
        } catch {
            return letters.map { _ in .failed(reason: "\(error)") }
        }
    }

    @Reactor func stop() {}
    @Reactor func abort() {}
}
