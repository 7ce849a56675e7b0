import FleetTesting
import FoundationEssentials
import JSON
import Testing

@testable import Notifications

@Suite("Messages to the staff", .serialized)
struct StaffTests {
    private static let staff = ["Store <store@example.com>", "boss@example.com"]

    @Test("each of the staff hears once of a product that runs low")
    func stock() async throws {
        try await Mailroom.run(instances: 2, staff: Self.staff) { room in
            let product = UUIDv7.next()
            let facts = #""productId":"\#(product.text)","sku":"MUG-1","name":"Mug","stock":%,"lowStockAt":10"#
            for (version, type, stock) in [(1, "LOW_STOCK", "9"), (2, "OUT_OF_STOCK", "0"), (3, "BACK_IN_STOCK", "50")]
            {
                try await room.publish(
                    "INVENTORY_EVENTS", type, of: product, version: Int64(version), facts.replacing("%", with: stock))
            }
            try await room.untilApplied(product, version: 3)
            try await room.untilMails(4)
            try await room.untilSettled()
            let mails = try room.files.map { try room.mail($0) }
            #expect(mails.count == 4)
            #expect(
                mails.map { "\($0["To"] ?? "") \($0["Subject"] ?? "")" }.sorted() == [
                    "boss@example.com Low stock: Mug", "boss@example.com Sold out: Mug",
                    "store@example.com Low stock: Mug", "store@example.com Sold out: Mug",
                ])
            #expect(mails.allSatisfy { $0.text.hasPrefix("Hello,\n") && $0["List-Unsubscribe"] == nil })
        }
    }

    @Test("what failed is told once a period, whatever the number of instances")
    func digest() async throws {
        try await Mailroom.run(instances: 3, staff: ["boss@example.com"], settings: { $0.digestPeriod = .seconds(2) }) {
            room in
            let insert = """
                INSERT INTO notifications.notifications
                    (id, event_id, user_id, channel, template, subject, data, status, error, failed_at)
                SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'email', 'welcome', 's', '{}', 'failed',
                    '550 no such <mailbox>', now() FROM generate_series(1, 3)
                """
            _ = try await room.fleet.sql(insert)
            try await room.untilMails(1)
            let again = insert.replacing("series(1, 3)", with: "series(1, 2)")
            // Another period, of which there is another mail.
            try await room.fleet.until("the period is over") {
                try await room.fleet.sql(
                    "SELECT bool_and(failed_at < now() - interval '2 s') FROM notifications.notifications WHERE status = 'failed'"
                ) == ["t"]
            }
            _ = try await room.fleet.sql(again)
            try await room.untilMails(2)
            try await room.untilSettled()
            let subjects = try room.files.map { try room.mail($0)["Subject"] ?? "" }
            #expect(
                subjects.sorted() == ["2 messages could not be delivered", "3 messages could not be delivered"])
            let mail = try room.mail(try #require(room.files.first))
            #expect(mail.html.contains("550 no such &lt;mailbox&gt;") && mail.text.contains("550 no such <mailbox>"))
        }
    }
}
