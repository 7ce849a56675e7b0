import FleetTesting
import FoundationEssentials
import JSON
import NATS
import Synchronization
import Testing

@testable import Notifications

@Suite("Mails with secrets", .serialized)
struct AccountMailTests {
    @Test("the token is fetched when the mail goes out, and is in no table; without one nothing goes out")
    func secrets() async throws {
        try await Mailroom.run(settings: { $0.shopURL = "https://shop.example" }) { room in
            let (user, good, used) = (UUIDv7.next(), UUIDv7.next(), UUIDv7.next())
            let client = room.fleet.client
            _ = try await client.subscribe("users.secret") { message in
                let id = (try? JSONReader.parse(message.body))?["tokenId"]?.string ?? ""
                if id == good.text {
                    try? client.respond(to: message, body: Array(#"{"token":"\#(id).s3cret-Value_1"}"#.utf8))
                } else {
                    try? client.respond(
                        to: message,
                        headers: [("Nats-Service-Error", "gone"), ("Nats-Service-Error-Code", "404")],
                        body: Array(#"{"type":"token-not-found","title":"x","status":404,"detail":"gone"}"#.utf8))
                }
            }
            try await room.publishUser(user)
            for (version, type, token) in [
                (2, "USER_VERIFICATION_REQUESTED", good), (3, "USER_PASSWORD_RESET_REQUESTED", used),
            ] {
                try await room.publish(
                    "USER_EVENTS", type, of: user, version: Int64(version),
                    #""userId":"\#(user.text)","tokenId":"\#(token.text)""#)
            }
            try await room.publish(
                "USER_EVENTS", "USER_PASSWORD_CHANGED", of: user, version: 4, #""userId":"\#(user.text)""#)
            try await room.publish(
                "USER_EVENTS", "USER_UPDATED", of: user, version: 5,
                #""userId":"\#(user.text)","email":"ada2@example.com","firstName":"Ada","lastName":"King""#)
            try await room.untilApplied(user, version: 5)
            try await room.untilNotified(4)
            try await room.untilSettled()
            let name = try #require(room.files.first { $0.contains("verify-address") })
            let mail = try room.mail(name)
            let link = "https://shop.example/verify-email#token=\(good.text).s3cret-Value_1"
            #expect(mail.text.contains("  \(link)\n") && mail.html.contains("href=\"\(link)\""))
            #expect(!room.files.contains { $0.contains("password-reset") })
            #expect(room.files.contains { $0.contains("password-changed") })
            let rows = try await room.fleet.sql("SELECT * FROM notifications.notifications")
            #expect(rows.count == 4 && !rows.joined().contains("s3cret"))
            #expect(rows.contains { $0.contains("skipped") && $0.contains("password-reset") })
            #expect(
                try await room.fleet.sql("SELECT email, last_name FROM notifications.recipients")
                    == ["ada2@example.com|King"])
        }
    }
}
