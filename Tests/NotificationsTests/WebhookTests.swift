import Crypto
import FleetTesting
import Foundation
import JSON
import LocalServers
import Testing

@testable import Notifications

@Suite("The webhook", .serialized)
struct WebhookTests {
    private static let secret = "whsec_0123456789abcdef"

    private func requests(_ path: String) -> [JSONValue] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSONReader.parse(Array($0.utf8)) }
    }

    @Test("a message goes out signed, beside its mail, and comes again after a failure of the other side")
    func delivery() async throws {
        let log = "\(try TestServers.directory())/requests"
        try await ScriptServer.run("webhook_server.py", [log]) { port in
            let webhook = try WebhookSettings(url: "http://127.0.0.1:\(port)/500-200", secret: Self.secret)
            try await Mailroom.run(settings: { $0.webhook = webhook }) { room in
                let user = UUIDv7.next()
                try await room.publishUser(user)
                // A secret is told to nobody but its owner.
                try await room.publish(
                    "USER_EVENTS", "USER_VERIFICATION_REQUESTED", of: user, version: 2,
                    #""userId":"\#(user.text)","tokenId":"\#(UUIDv7.next().text)""#)
                try await room.untilNotified(3)
                try await room.fleet.until("the webhook has it") {
                    try await room.fleet.sql(
                        "SELECT status, attempts FROM notifications.notifications WHERE channel = 'webhook'")
                        == ["sent|2"]
                }
                let id = try #require(
                    try await room.fleet.sql("SELECT id FROM notifications.notifications WHERE channel = 'webhook'")
                        .first)
                let requests = requests(log)
                #expect(requests.map { $0["key"]?.string } == [id, id])
                for request in requests {
                    let body = try #require(request["body"]?.string)
                    let parts = try #require(request["signature"]?.string).split(separator: ",")
                    let first = try #require(parts.first)
                    let time = try #require(Int64(first.dropFirst(2)))
                    #expect(abs(time - Int64(Date().timeIntervalSince1970)) < 60)
                    let expected = HMAC<SHA256>.authenticationCode(
                        for: Array("\(time).\(body)".utf8), using: SymmetricKey(data: Array(Self.secret.utf8))
                    ).map { String(format: "%02x", $0) }.joined()
                    #expect(parts.last.map(String.init) == "v1=\(expected)")
                    let json = try JSONReader.parse(Array(body.utf8))
                    #expect(json["template"] == "welcome" && json["userId"]?.string == user.text)
                    #expect(json["text"]?.string?.hasPrefix("Hello Ada,") == true)
                }
            }
        }
    }

    @Test("what the other side does not want is a dead letter, at once")
    func refused() async throws {
        let log = "\(try TestServers.directory())/requests"
        try await ScriptServer.run("webhook_server.py", [log]) { port in
            let webhook = try WebhookSettings(url: "http://127.0.0.1:\(port)/404", secret: Self.secret)
            try await Mailroom.run(settings: { $0.webhook = webhook }) { room in
                try await room.publishUser(UUIDv7.next())
                try await room.fleet.until("it is a dead letter") {
                    try await room.fleet.sql("SELECT consumer, error FROM notifications.dead_letters")
                        == ["notifications:webhook|answered 404"]
                }
                try await room.untilMails(1)
                #expect(requests(log).count == 1)
            }
        }
    }

    @Test("other statuses than 2xx and most 4xx are tried again")
    func statuses() {
        #expect(WebhookRequest.outcome(status: 204) == .sent)
        for status in [408, 429, 301, 500, 503] {
            #expect(WebhookRequest.outcome(status: status) == .failed(reason: "answered \(status)"))
        }
        #expect(WebhookRequest.outcome(status: 410) == .refused(reason: "answered 410"))
    }

    @Test(
        "a URL in the open, with a password, or a short secret is refused",
        arguments: [
            ("http://example.com/hook", "0123456789abcdef"), ("https://u:p@example.com", "0123456789abcdef"),
            ("ftp://example.com", "0123456789abcdef"), ("https://example.com", "short"),
        ])
    func settings(url: String, secret: String) {
        #expect(throws: NotificationsSettingsError.self) { try WebhookSettings(url: url, secret: secret) }
    }
}
