import FleetTesting
import FoundationEssentials
import JSON
import Testing

@testable import Notifications

@Suite("The speed of notifications", .serialized)
struct SpeedTests {
    /// The figure that counts is that of a release build; this one shows when something becomes much slower.
    @Test("two thousand mails are claimed, rendered, written and marked in little more time than that takes each")
    func mails() async throws {
        try await Mailroom.run { room in
            try await room.publishUser(UUIDv7.next())
            try await room.untilMails(1)
            let user = try #require(try await room.fleet.sql("SELECT user_id FROM notifications.recipients").first)
            let began = ContinuousClock.now
            _ = try await room.fleet.sql(Self.insertion(of: 2_000, for: user))
            try await room.fleet.until("all are sent", within: .seconds(60)) {
                try await room.fleet.sql("SELECT count(*) FROM notifications.notifications WHERE status = 'pending'")
                    == ["0"]
            }
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            print("figure: \(Int(2_000 / seconds)) mails a second in this build")
            #expect(room.files.count == 2_001)
            #expect(seconds < 40)
        }
    }

    /// Rows as events make them.
    static func insertion(of count: Int, for user: String) -> String {
        """
        INSERT INTO notifications.notifications
            (id, event_id, user_id, order_id, channel, template, kind, subject, data)
        SELECT gen_random_uuid(), gen_random_uuid(), '\(user)', gen_random_uuid(), 'email', 'order-placed', 'orders',
            'We have received your order ' || n,
            '{"orderId": "01890a5d-ac96-774b-bcce-b302099a8057", "reference": "099A8057", "total": "59.98 USD",
              "items": [{"name": "Walnut desk lamp", "quantity": "1", "price": "39.98 USD"},
                        {"name": "Enamel mug", "quantity": "2", "price": "10.00 USD"}]}'
        FROM generate_series(1, \(count)) n
        """
    }
}
