import FleetTesting
import FoundationEssentials
import JSON
import Testing

@testable import Notifications

@Suite("The history of notifications", .serialized)
struct HistoryTests {
    @Test("comes page by page, without gaps or repetitions, and by status, template and customer")
    func pages() async throws {
        try await Mailroom.run { room in
            let (ada, bob) = (UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(ada)
            try await room.publishUser(bob)
            for _ in 0..<5 { try await room.publishOrder(UUIDv7.next(), of: ada, "pending", version: 1) }
            try await room.untilMails(7)
            try await room.untilSettled()
            var seen: [String] = []
            var after = ""
            repeat {
                let page = try await room.fleet.call(
                    "notifications.list", #"{"limit":2\#(after)}"#, actor: "customer:\(ada.text)")
                seen += (page.body["notifications"]?.array ?? []).compactMap { $0["id"]?.string }
                after = page.body["next"]?.string.map { #","after":"\#($0)""# } ?? ""
            } while !after.isEmpty && seen.count < 20
            #expect(seen.count == 6 && Set(seen).count == 6 && seen == seen.sorted(by: >))
            func count(_ body: String, _ actor: String? = nil) async throws -> Int? {
                try await room.fleet.call("notifications.list", body, actor: actor).body["notifications"]?.array?.count
            }
            #expect(try await count(#"{"template":"welcome"}"#) == 2)
            #expect(try await count(#"{"status":"failed"}"#) == 0)
            #expect(try await count(#"{"userId":"\#(ada.text)","status":"sent"}"#) == 6)
            let foreign = try await room.fleet.call(
                "notifications.list", #"{"userId":"\#(ada.text)"}"#, actor: "customer:\(bob.text)")
            #expect(foreign.status == 403)
            let one = #"{"id":"\#(seen[0])"}"#
            #expect(try await room.fleet.call("notifications.get", one, actor: "customer:\(ada.text)").status == 0)
            #expect(try await room.fleet.call("notifications.get", one, actor: "customer:\(bob.text)").status == 404)
        }
    }

    @Test(
        "what is sent again goes to the recipient's present address as another mail, five times, and once under a key")
    func resend() async throws {
        try await Mailroom.run { room in
            let user = UUIDv7.next()
            try await room.publishUser(user)
            try await room.untilMails(1)
            try await room.untilSettled()
            let id = try #require(
                try await room.fleet.sql("SELECT id FROM notifications.notifications").first)
            _ = try await room.fleet.sql("UPDATE notifications.recipients SET email = 'new@example.com'")
            let body = #"{"id":"\#(id)"}"#
            func again(_ key: String? = nil) async throws -> TestFleet.Answer {
                try await room.fleet.call("notifications.resend", body, actor: "customer:\(user.text)", key: key)
            }
            let first = try await again("one")
            #expect(first.status == 0 && first.body["status"] == "pending" && first.body["resends"] == 1)
            try await room.untilMails(2)
            try await room.untilSettled()
            let repeated = try await again("one")
            #expect(repeated.bytes == first.bytes)
            #expect(room.files.count == 2)
            let second = try room.mail(try #require(room.files.first { $0.hasSuffix(".2.eml") }))
            #expect(second["Message-ID"] == "<\(id).2@flotilla.example>")
            #expect(second["To"] == "Ada Lovelace <new@example.com>")
            for count in 3...6 {
                #expect(try await again().status == 0)
                try await room.untilMails(count)
                try await room.untilSettled()
            }
            let late = try await again()
            #expect(late.status == 409 && late.body["type"]?.string?.hasSuffix("resent-too-often") == true)
            #expect(
                try await room.fleet.sql(
                    "SELECT resends, earlier_attempts + attempts, status FROM notifications.notifications")
                    == ["5|6|sent"])
            for (body, actor) in [
                (body, "customer:\(UUIDv7.next().text)"), (#"{"id":"\#(UUIDv7.next().text)"}"#, "staff:\(user.text)"),
            ] {
                #expect(try await room.fleet.call("notifications.resend", body, actor: actor).status == 404)
            }
        }
    }

    @Test("what is on its way is not sent again; what failed is, and its dead letter is settled")
    func failed() async throws {
        try await SMTPServer.run { server in
            try await Mailroom.run(mail: try server.settings()) { room in
                let user = UUIDv7.next()
                try await room.publishUser(user, email: "later-9@example.com")
                try await room.untilTried()
                let id = try #require(try await room.fleet.sql("SELECT id FROM notifications.notifications").first)
                let body = #"{"id":"\#(id)"}"#
                let early = try await room.fleet.call("notifications.resend", body)
                #expect(early.status == 409 && early.body["type"]?.string?.hasSuffix("notification-pending") == true)
                _ = try await room.fleet.sql("UPDATE notifications.recipients SET email = 'never@example.com'")
                try await room.untilSettled()
                let failed = try await room.fleet.call("notifications.get", body)
                #expect(failed.body["status"] == "failed")
                #expect(failed.body["error"]?.string?.hasPrefix("550") == true)
                let own = try await room.fleet.call("notifications.get", body, actor: "customer:\(user.text)")
                #expect(own.status == 0 && own.body["error"] == nil)
                _ = try await room.fleet.sql("UPDATE notifications.recipients SET email = 'fine@example.com'")
                #expect(try await room.fleet.call("notifications.resend", body).status == 0)
                try await room.untilSettled()
                #expect(server.mails.map(\.to) == ["fine@example.com"])
                #expect(
                    try await room.fleet.sql("SELECT replayed_at IS NOT NULL FROM notifications.dead_letters") == ["t"])
            }
        }
    }
}
