import FleetTesting
import FoundationEssentials
import JSON
import LocalServers
import NATS
import Testing
import Worker

@testable import Notifications

/// A fleet with the notifications worker, a mail folder, and a hand that publishes events as their producers do.
struct Mailroom: Sendable {
    let fleet: TestFleet
    let folder: String

    /// - Parameters:
    ///   - others: workers that run beside.
    ///   - mail: nil writes into the folder.
    ///   - change: makes of the default settings those of the test.
    static func run(
        instances: Int = 1, others: [Worker] = [], mail: NotificationsSettings.Mail? = nil,
        staff: [String] = [], settings change: (inout NotificationsSettings) throws -> Void = { _ in },
        _ body: @escaping @Sendable (Mailroom) async throws -> Void
    ) async throws {
        let folder = try TestServers.directory() + "/mail"
        var settings = try NotificationsSettings(
            mail: mail ?? .folder(folder), templates: ShippedTemplates.load(), staff: staff)
        try change(&settings)
        let final = settings
        let more = (1..<instances).map { _ in Notifications.worker(final) }
        try await TestFleet.run([Notifications.worker(final)] + others) { fleet in
            let room = Mailroom(fleet: fleet, folder: folder)
            if more.isEmpty { try await body(room) } else { try await fleet.run(more) { try await body(room) } }
        }
    }

    /// Publishes an event to its stream, without a message id, so that the broker does not notice a repetition.
    func publish(
        _ stream: String, _ type: String, of aggregate: UUID, version: Int64, id: UUID = UUIDv7.next(),
        _ members: String
    ) async throws {
        let contract = try #require(fleet.contracts.stream(named: stream))
        let headers: NATSHeaders = [
            ("ce-specversion", "1.0"), ("ce-id", id.text), ("ce-type", type), ("ce-source", "/test"),
            ("ce-time", "2026-01-31T12:00:00.000Z"), ("ce-subject", aggregate.text), ("ce-sequence", String(version)),
        ]
        let body = #"{"eventType":"\#(type)",\#(members),"timestamp":"2026-01-31T12:00:00.000Z"}"#
        let jetStream = await JetStream(fleet.client)
        try await fleet.until("\(stream) exists") { try await jetStream.streamInformation(stream) != nil }
        _ = try await jetStream.publish(
            contract.subject(aggregateId: aggregate, type: type), headers: headers, body: Array(body.utf8))
    }

    func publishUser(_ user: UUID, email: String = "ada@example.com", id: UUID = UUIDv7.next()) async throws {
        try await publish(
            "USER_EVENTS", "USER_CREATED", of: user, version: 1, id: id,
            #""userId":"\#(user.text)","email":"\#(email)","firstName":"Ada","lastName":"Lovelace""#)
    }

    func publishOrder(
        _ order: UUID, of user: UUID, _ status: String, version: Int64, id: UUID = UUIDv7.next()
    ) async throws {
        let facts = #""orderId":"\#(order.text)","userId":"\#(user.text)","totalAmount":59.98,"currency":"USD""#
        switch status {
        case "pending":
            try await publish(
                "ORDER_EVENTS", "ORDER_CREATED", of: order, version: version, id: id,
                #"\#(facts),"items":[{"productId":"P-1","name":"Lamp","quantity":2,"price":29.99}],"status":"pending""#)
        case "cancelled":
            try await publish(
                "ORDER_EVENTS", "ORDER_CANCELLED", of: order, version: version, id: id,
                #"\#(facts),"reason":"requested""#)
        default:
            try await publish(
                "ORDER_EVENTS", "ORDER_STATUS_UPDATED", of: order, version: version, id: id,
                #"\#(facts),"status":"\#(status)""#)
        }
    }

    /// The names of all files, temporary ones included.
    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    func mail(_ name: String) throws -> ParsedMail {
        try ParsedMail(Array(try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))))
    }

    func untilMails(_ count: Int) async throws {
        try await fleet.until("there are \(count) mails; there are \(files)") {
            files.filter { $0.hasSuffix(".eml") }.count >= count
        }
    }

    /// Waits until all that was published is taken up, and nothing of it is pending.
    func untilSettled() async throws {
        try await fleet.until("nothing is pending") {
            try await fleet.sql(
                """
                SELECT count(*) FROM notifications.notifications WHERE status = 'pending'
                UNION ALL SELECT 1 WHERE NOT EXISTS (SELECT FROM notifications.notifications)
                """) == ["0"]
        }
    }

    /// Waits until something was tried in vain.
    func untilTried() async throws {
        try await fleet.until("it was tried") {
            try await fleet.sql("SELECT count(*) > 0 FROM notifications.notifications WHERE error IS NOT NULL")
                == ["t"]
        }
    }

    /// Waits until there are so many notifications.
    func untilNotified(_ count: Int) async throws {
        try await fleet.until("there are \(count) notifications") {
            try await fleet.sql("SELECT count(*) FROM notifications.notifications") == ["\(count)"]
        }
    }

    /// Waits until the worker has applied `version` of an aggregate.
    func untilApplied(_ aggregate: UUID, version: Int64) async throws {
        try await fleet.until("version \(version) is applied") {
            try await fleet.sql(
                "SELECT count(*) FROM notifications.inbox WHERE aggregate_id = '\(aggregate.text)' AND version >= \(version)"
            )
                == ["1"]
        }
    }
}
