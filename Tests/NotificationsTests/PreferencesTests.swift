import FleetTesting
import FoundationEssentials
import JSON
import Testing

@testable import Notifications

@Suite("Preferences", .serialized)
struct PreferencesTests {
    private func enabled(_ body: JSONValue, _ kind: String, _ channel: String) -> Bool? {
        body["preferences"]?.array?.first { $0["kind"]?.string == kind && $0["channel"]?.string == channel }?[
            "enabled"]?
            .bool
    }

    @Test("a customer switches kinds off and on, and gets what is on; what concerns the account always comes")
    func switches() async throws {
        try await Mailroom.run { room in
            let (user, order) = (UUIDv7.next(), UUIDv7.next())
            let actor = "customer:\(user.text)"
            let fleet = room.fleet
            let before = try await fleet.call("notifications.preferences.get", "{}", actor: actor)
            #expect(before.body["preferences"]?.array?.count == 4)
            #expect(enabled(before.body, "orders", "email") == true)
            let off = #"{"preferences":[{"kind":"orders","channel":"email","enabled":false}]}"#
            let after = try await fleet.call("notifications.preferences.set", off, actor: actor)
            #expect(enabled(after.body, "orders", "email") == false && enabled(after.body, "payments", "email") == true)
            try await room.publishUser(user)
            try await room.publishOrder(order, of: user, "pending", version: 1)
            try await room.untilNotified(2)
            try await room.untilSettled()
            let rows = try await fleet.sql(
                "SELECT template, status, error FROM notifications.notifications ORDER BY template")
            #expect(rows == ["order-placed|skipped|unsubscribed", "welcome|sent|"])
            let on = off.replacing("false", with: "true")
            _ = try await fleet.call("notifications.preferences.set", on, actor: actor)
            try await room.publishOrder(order, of: user, "confirmed", version: 2)
            try await room.untilMails(2)
        }
    }

    @Test("preferences are their owner's and the staff's, and what makes no sense is refused")
    func refusals() async throws {
        try await Mailroom.run { room in
            let (ada, bob) = (UUIDv7.next(), UUIDv7.next())
            func ask(_ what: String, _ body: String, _ actor: String?) async throws -> Int {
                try await room.fleet.call("notifications.preferences.\(what)", body, actor: actor).status
            }
            let adas = #"{"userId":"\#(ada.text)"}"#
            #expect(try await ask("get", adas, "customer:\(bob.text)") == 403)
            #expect(try await ask("get", adas, "staff:\(bob.text)") == 0)
            #expect(try await ask("get", adas, nil) == 0)
            #expect(try await ask("get", "{}", nil) == 400)
            #expect(try await ask("get", "{}", "anonymous") == 401)
            let one = #"{"kind":"orders","channel":"email","enabled":false}"#
            for list in [
                "[]", "[\(one),\(one)]", one, #"[{"kind":"account","channel":"email","enabled":false}]"#,
                #"[{"kind":"orders","channel":"pigeon","enabled":false}]"#, #"[{"kind":"orders","channel":"email"}]"#,
            ] {
                #expect(try await ask("set", #"{"preferences":\#(list)}"#, "customer:\(ada.text)") == 400, "\(list)")
            }
            let count = try await room.fleet.sql("SELECT count(*) FROM notifications.preferences")
            #expect(count == ["0"])
        }
    }

    @Test("the link of a mail ends its kind by POST, and looking at it does nothing")
    func unsubscribe() async throws {
        try await Mailroom.run { room in
            let (user, order, created) = (UUIDv7.next(), UUIDv7.next(), UUIDv7.next())
            try await room.publishUser(user, id: created)
            try await room.publishOrder(order, of: user, "pending", version: 1)
            try await room.untilMails(2)
            // The account's own mails cannot be ended.
            #expect(try room.mail("\(created.text)-welcome.eml")["List-Unsubscribe"] == nil)
            let name = try #require(room.files.first { $0.contains("order-placed") })
            let mail = try room.mail(name)
            let url = try #require(mail["List-Unsubscribe"]).dropFirst().dropLast()
            #expect(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
            #expect(mail.text.contains(url) && mail.html.contains(url))
            let token = try #require(url.split(separator: "/").last)
            let body = #"{"token":"\#(token)"}"#
            let explained = try await room.fleet.call("notifications.unsubscribe.explain", body, actor: "anonymous")
            #expect(explained.status == 0 && explained.body["kind"] == "orders")
            #expect(try await room.fleet.sql("SELECT count(*) FROM notifications.preferences") == ["0"])
            for _ in 1...2 {
                let ended = try await room.fleet.call("notifications.unsubscribe", body, actor: "anonymous")
                #expect(ended.status == 0 && ended.body["enabled"] == false)
            }
            #expect(
                try await room.fleet.sql("SELECT user_id, kind, channel, enabled FROM notifications.preferences")
                    == ["\(user.text)|orders|email|f"])
            let parts = token.split(separator: ".").map(String.init)
            for bad in [
                "x", "\(parts[0]).payments.\(parts[2])", "\(UUIDv7.next().text).orders.\(parts[2])",
                "\(parts[0]).account.\(parts[2])", "\(token)x", "\(parts[0]).orders.", String(token.dropLast()),
            ] {
                for subject in ["notifications.unsubscribe", "notifications.unsubscribe.explain"] {
                    let answer = try await room.fleet.call(subject, #"{"token":"\#(bad)"}"#, actor: "anonymous")
                    #expect(answer.status == 404, "\(bad)")
                }
            }
        }
    }
}
