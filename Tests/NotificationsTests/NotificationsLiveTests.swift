import FleetTesting
import FoundationEssentials
import JSON
import NATS
import Testing
import Users
import Worker

@testable import Notifications

/// The worker against a real nats-server and Postgres, fed through the streams.
@Suite("The notifications worker", .serialized)
struct NotificationsLiveTests {
    @Test("writes one mail for each event of an order's life, and lists them")
    func life() async throws {
        try await Mailroom.run { room in
            let (user, order, created) = (UUIDv7.next(), UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(user, id: created)
            for (index, status) in ["pending", "confirmed", "shipped", "delivered"].enumerated() {
                try await room.publishOrder(order, of: user, status, version: Int64(index + 1))
            }
            try await room.publish(
                "PAYMENT_EVENTS", "PAYMENT_CONFIRMED", of: order, version: 1,
                #""orderId":"\#(order.text)","userId":"\#(user.text)","amount":59.98,"currency":"USD""#)
            try await room.publish(
                "PAYMENT_EVENTS", "PAYMENT_REFUNDED", of: order, version: 2,
                #""orderId":"\#(order.text)","userId":"\#(user.text)","amount":59.98,"currency":"USD""#)
            try await room.untilMails(6)
            try await room.untilSettled()
            #expect(room.files.count == 6)

            let welcome = try room.mail("\(created.text)-welcome.eml")
            #expect(welcome["To"] == "Ada Lovelace <ada@example.com>")
            #expect(welcome["Subject"] == "Welcome to Flotilla")
            let id = try await room.fleet.sql(
                "SELECT id FROM notifications.notifications WHERE template = 'welcome'"
            ).first
            #expect(welcome["Message-ID"] == "<\(id ?? "")@flotilla.example>")
            #expect(welcome.html.contains("Hello Ada,"))
            #expect(welcome["Date"] == "Sat, 31 Jan 2026 12:00:00 +0000")
            #expect(welcome.text.hasPrefix("Hello Ada,\n\nthank you for registering."))

            let all = try await room.fleet.call("notifications.list", "{}")
            let entries = try #require(all.body["notifications"]?.array)
            #expect(
                Set(entries.compactMap { $0["template"]?.string }) == [
                    "welcome", "order-placed", "order-confirmed", "order-shipped", "order-delivered",
                    "payment-refunded",
                ])
            for entry in entries {
                // The welcome is about no order.
                #expect(entry.object?.count == (entry["template"] == "welcome" ? 11 : 12))
                #expect(entry["status"] == "sent")
                #expect(entry["channel"] == "email")
                #expect(entry["userId"]?.string == user.text)
                #expect(Timestamp(text: entry["sentAt"]?.string ?? "") != nil)
            }
        }
    }

    @Test("shows customers their own and staff all")
    func ownership() async throws {
        try await Mailroom.run { room in
            let (ada, bob, order) = (UUIDv7.next(), UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(ada)
            try await room.publishUser(bob, email: "bob@example.com")
            try await room.publishOrder(order, of: ada, "pending", version: 1)
            try await room.untilMails(3)
            let fleet = room.fleet
            func count(_ body: String, _ actor: String?) async throws -> Int? {
                try await fleet.call("notifications.list", body, actor: actor).body["notifications"]?.array?.count
            }
            let byOrder = #"{"orderId":"\#(order.text)"}"#
            #expect(try await count("{}", nil) == 3)
            #expect(try await count("", "staff:\(bob.text)") == 3)
            #expect(try await count("{}", "customer:\(ada.text)") == 2)
            #expect(try await count("{}", "customer:\(bob.text)") == 1)
            #expect(try await count(byOrder, "staff:\(bob.text)") == 1)
            #expect(try await count(byOrder, "customer:\(ada.text)") == 1)
            #expect(try await count(byOrder, "customer:\(bob.text)") == 0)
            #expect(try await count(#"{"limit":1}"#, nil) == 1)
            for body in [#"{"limit":0}"#, #"{"limit":101}"#, #"{"orderId":"x"}"#, #"{"nope":1}"#] {
                #expect(try await fleet.call("notifications.list", body).status == 400)
            }
            #expect(try await fleet.call("notifications.list", "{}", actor: "anonymous").status == 401)
        }
    }

    @Test("an event that comes many times, to many instances, is told once")
    func duplicates() async throws {
        try await Mailroom.run(instances: 3) { room in
            let (user, order, id) = (UUIDv7.next(), UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(user)
            for _ in 0..<10 { try await room.publishOrder(order, of: user, "pending", version: 1, id: id) }
            try await room.publishOrder(order, of: user, "cancelled", version: 2)
            // A cursor lost, as after a restore of a part of the tables: the unique key still holds.
            try await room.untilApplied(order, version: 2)
            _ = try await room.fleet.sql("DELETE FROM notifications.inbox")
            try await room.publishOrder(order, of: user, "pending", version: 1, id: id)
            try await room.untilApplied(order, version: 1)
            try await room.untilMails(3)
            try await room.untilSettled()
            #expect(room.files.count == 3)
            #expect(try await room.fleet.sql("SELECT count(*) FROM notifications.notifications") == ["3"])
        }
    }

    @Test("a delivery that was killed at any point is made up for, and no mail is doubled")
    func killed() async throws {
        try await Mailroom.run { room in
            let user = UUIDv7.next()
            try await room.publishUser(user)
            try await room.untilMails(1)
            try await room.untilSettled()
            let name = try #require(room.files.first)
            let before = try #require(FileManager.default.contents(atPath: "\(room.folder)/\(name)"))
            // Killed after the claim and before the file: the row is pending with a lease that is over.
            try FileManager.default.removeItem(atPath: "\(room.folder)/\(name)")
            #expect(FileManager.default.createFile(atPath: "\(room.folder)/.\(name).1.tmp", contents: Data("Fro".utf8)))
            let again = """
                UPDATE notifications.notifications SET status = 'pending', sent_at = NULL, next_attempt_at = now()
                """
            _ = try await room.fleet.sql(again)
            try await room.untilMails(1)
            try await room.untilSettled()
            #expect(room.files == [name])
            #expect(FileManager.default.contents(atPath: "\(room.folder)/\(name)") == before)
            // Killed after the file and before the mark.
            _ = try await room.fleet.sql(again)
            try await room.untilSettled()
            #expect(room.files == [name])
            #expect(FileManager.default.contents(atPath: "\(room.folder)/\(name)") == before)
            #expect(try await room.fleet.sql("SELECT attempts FROM notifications.notifications") == ["3"])
        }
    }

    @Test("a claimed notification is left alone until its lease is over")
    func lease() async throws {
        try await Mailroom.run { room in
            let insert = """
                INSERT INTO notifications.notifications
                    (id, event_id, user_id, channel, template, subject, data, attempts, next_attempt_at)
                VALUES (gen_random_uuid(), gen_random_uuid(), '\(UUIDv7.next().text)', 'email', 'welcome', 's', '{}', 1,
                    now() + interval '2 seconds')
                """
            _ = try await room.fleet.sql(insert)
            let (ada, bob) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(ada)
            try await room.untilMails(1)
            // The next one is claimed at once, and the leased one is not among those claimed with it.
            try await room.publishUser(bob)
            try await room.untilMails(2)
            #expect(
                try await room.fleet.sql("SELECT count(*) FROM notifications.notifications WHERE status = 'pending'")
                    == ["1"])
            // Its user is unknown, and users cannot be asked: it is tried and put off.
            try await room.fleet.until("it is tried") {
                try await room.fleet.sql(
                    "SELECT count(*) FROM notifications.notifications WHERE attempts = 2 AND error IS NOT NULL")
                    == ["1"]
            }
        }
    }

    @Test("asks users for whom it does not know, and gives up on whom nobody knows")
    func unknown() async throws {
        var settings = UsersSettings(signer: try TokenSigner(seed: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
        settings.bcryptCost = 4
        try await Mailroom.run(others: [Users.worker(settings)]) { room in
            let registered = try await room.fleet.call(
                "users.register",
                #"{"email":"Grace@example.com","password":"correct horse","firstName":"Grace","lastName":"Hopper"}"#)
            let text = try #require(registered.body["user"]?["id"]?.string)
            let user = try #require(UUID(text: text))
            // A welcome, and a link that verifies the address.
            try await room.untilMails(2)
            try await room.untilSettled()
            // As if the account's event had not come yet.
            _ = try await room.fleet.sql("DELETE FROM notifications.recipients")
            let (known, unknown) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishOrder(known, of: user, "pending", version: 1)
            try await room.publishOrder(unknown, of: UUIDv7.next(), "pending", version: 1)
            try await room.untilMails(3)
            try await room.untilSettled()
            let rows = try await room.fleet.sql(
                "SELECT order_id, status, recipient, error FROM notifications.notifications WHERE order_id IS NOT NULL ORDER BY status"
            )
            #expect(
                rows == ["\(known.text)|sent|grace@example.com|", "\(unknown.text)|skipped||there is no such user"]
                    || rows == [
                        "\(unknown.text)|skipped||there is no such user", "\(known.text)|sent|grace@example.com|",
                    ])
            #expect(room.files.count == 3)
        }
    }

    @Test("a mail waits while users cannot be asked, and goes out when the account's event comes")
    func outage() async throws {
        try await Mailroom.run { room in
            let (user, order) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishOrder(order, of: user, "pending", version: 1)
            try await room.fleet.until("it was tried") {
                try await room.fleet.sql(
                    "SELECT count(*) FROM notifications.notifications WHERE error LIKE 'users.get: %'")
                    == ["1"]
            }
            #expect(room.files.isEmpty)
            try await room.publishUser(user)
            try await room.untilMails(2)
            try await room.untilSettled()
        }
    }

    @Test("a mail is in the folder within moments of the event")
    func latency() async throws {
        try await Mailroom.run { room in
            var times: [Duration] = []
            for index in 1...9 {
                let began = ContinuousClock.now
                try await room.publishUser(UUIDv7.next())
                try await room.untilMails(index)
                times.append(ContinuousClock.now - began)
            }
            // Far below the second after which the periodic delivery would have found it.
            #expect(times.sorted()[4] < .milliseconds(300), "\(times)")
        }
    }

    @Test("a message of the version before templates goes out as it was worded then")
    func oldRow() async throws {
        try await Mailroom.run { room in
            let (user, event) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(user)
            try await room.untilMails(1)
            let insert = """
                INSERT INTO notifications.notifications (id, event_id, user_id, channel, template, subject, body)
                VALUES (gen_random_uuid(), '\(event.text)', '\(user.text)', 'email', 'order-placed', 'Old', 'all is well.\n')
                """
            _ = try await room.fleet.sql(insert)
            try await room.untilMails(2)
            let mail = try room.mail("\(event.text)-order-placed.eml")
            #expect(mail.text == "Hello Ada,\n\nall is well.\n\nKind regards\nFlotilla\n")
            #expect(mail["Subject"] == "Old" && mail.html.isEmpty)
        }
    }

    @Test("an event that makes no sense becomes a dead letter and holds up no other")
    func poison() async throws {
        try await Mailroom.run { room in
            let (user, order) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(user)
            try await room.publish(
                "ORDER_EVENTS", "ORDER_CREATED", of: order, version: 1, #""orderId":"\#(order.text)""#)
            try await room.publishOrder(order, of: user, "cancelled", version: 2)
            try await room.untilMails(2)
            #expect(try await room.fleet.sql("SELECT count(*) FROM notifications.dead_letters") == ["1"])
        }
    }
}
