import FoundationEssentials
import Worker

/// Brings what is due into the mail folder.
///
/// A notification is claimed for the time of a lease, written, and marked as sent. Between any two of these steps the
/// process may be killed: the claim is then made again, and writing the same mail again changes nothing.
@Reactor
final class MailDelivery {
    private let folder: MailFolder
    private let from: MailAddress
    private let writers = BlockingPool(name: "mail", threads: 1, queueLimit: 4)
    private var isRunning = false
    private var isNudged = false

    private static let batchSize = 64
    private static let queryLimit = Duration.seconds(5)

    nonisolated init(_ settings: NotificationsSettings) {
        folder = MailFolder(path: settings.mailFolder)
        from = settings.from
    }

    deinit {
        writers.shutdown()
    }

    /// Something has just become due: begins at once, or goes on when a run is under way.
    func nudge(_ context: Context) {
        isNudged = true
        guard !isRunning else { return }
        // Unstructured: a mail outlives the handling of its event. One run at a time; what a run does not get done when
        // the process ends is found by the periodic one, here or elsewhere.
        Task { @Reactor in
            do { _ = try await run(context) } catch {
                context.logger.debug("mail not delivered yet", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Delivers until nothing is due.
    /// - Returns: false, because it goes on by itself.
    func run(_ context: Context) async throws -> Bool {
        guard !isRunning else { return false }
        isRunning = true
        defer { isRunning = false }
        repeat {
            isNudged = false
            while try await pass(context) == Self.batchSize {}
        } while isNudged
        return false
    }

    /// Claims, writes and marks one batch.
    /// - Returns: how many were due.
    func pass(_ context: Context) async throws -> Int {
        let mails = try await claim(context)
        guard !mails.isEmpty else { return 0 }
        try await write(mails.filter { $0.recipient != nil }, context)
        try await write(try await lookUp(mails.filter { $0.recipient == nil }, context), context)
        return mails.count
    }

    func claim(_ context: Context) async throws -> [PendingMail] {
        try await context.database.query(
            Query(PendingMail.claim, .int(Self.batchSize)), deadline: .now + Self.queryLimit
        ).map { try PendingMail($0) }
    }

    private func write(_ mails: [PendingMail], _ context: Context) async throws {
        guard !mails.isEmpty else { return }
        var files: [(mail: PendingMail, address: String, file: MailFolder.File)] = []
        var records: [Query] = []
        for mail in mails {
            guard let recipient = mail.recipient else { continue }
            if let file = mail.file(to: recipient, from: from) {
                files.append((mail, recipient.email, file))
            } else {
                records.append(DeliveryRecord.skipped(reason: "the address is no e-mail address").query(for: mail))
            }
        }
        let (folder, contents) = (folder, files.map(\.file))
        let errors = try await writers.run { folder.write(contents) }
        for (entry, error) in zip(files, errors) {
            if let error {
                context.logger.warning(
                    "mail not written", metadata: ["notification": "\(entry.mail.id.text)", "error": "\(error)"])
            }
            let record: DeliveryRecord = error.map { .failed(reason: "\($0)") } ?? .sent(to: entry.address)
            records.append(record.query(for: entry.mail))
        }
        _ = try await context.database.batch(records, deadline: .now + Self.queryLimit)
    }

    /// Asks the users worker for accounts whose event has not arrived here yet.
    /// - Returns: the mails whose recipient is known now. The others are marked.
    private func lookUp(_ mails: [PendingMail], _ context: Context) async throws -> [PendingMail] {
        guard !mails.isEmpty else { return [] }
        var found: [PendingMail] = []
        var records: [Query] = []
        var known: [UUID: Result<Recipient, ServiceError>] = [:]
        // Once users has failed the others are not asked for: they would wait as long for the same.
        var outage: ServiceError?
        for mail in mails {
            let result: Result<Recipient, ServiceError>
            if let answer = known[mail.userId] ?? outage.map({ .failure($0) }) {
                result = answer
            } else {
                result = await ask(mail.userId, context)
            }
            known[mail.userId] = result
            if case .failure(let error) = result, error.status >= 500 { outage = error }
            switch result {
            case .success(let recipient):
                var mail = mail
                mail.recipient = recipient
                found.append(mail)
            case .failure(let error) where error.status == 404:
                records.append(DeliveryRecord.skipped(reason: "there is no such user").query(for: mail))
            case .failure(let error):
                records.append(DeliveryRecord.failed(reason: "users.get: \(error.detail)").query(for: mail))
            }
        }
        _ = try await context.database.batch(records, deadline: .now + Self.queryLimit)
        return found
    }

    private func ask(_ userId: UUID, _ context: Context) async -> Result<Recipient, ServiceError> {
        do throws(ServiceError) {
            let reply = try await context.call(
                "users.get", JSONWriter.object { $0.field("id", userId) })
            guard let user = try? JSONReader.parse(reply), let email = user["email"]?.string,
                let firstName = user["firstName"]?.string, let lastName = user["lastName"]?.string
            else { throw ServiceError(502, "bad-reply", "the reply of users.get is not understood") }
            return .success(Recipient(email: email, firstName: firstName, lastName: lastName))
        } catch {
            return .failure(error)
        }
    }
}
