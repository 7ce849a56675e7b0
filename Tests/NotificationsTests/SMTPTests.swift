import FleetTesting
import FoundationEssentials
import JSON
import Synchronization
import Testing

@testable import Notifications

@Suite("Delivery by SMTP", .serialized)
struct SMTPTests {
    @Test("mails go over an encrypted connection, after a login, each once and with the id of its notification")
    func encrypted() async throws {
        try await SMTPServer.run(encrypted: true, user: ("shop@example.com", "s3cret & +")) { server in
            let mail = try server.settings(
                host: "localhost", user: "shop%40example.com", password: "s3cret & +", encryption: .required)
            try await Mailroom.run(mail: mail) { room in
                let users = (0..<20).map { _ in UUIDv7.next() }
                for user in users { try await room.publishUser(user) }
                try await room.untilNotified(20)
                try await room.untilSettled()
                let mails = server.mails
                #expect(mails.count == 20)
                #expect(
                    mails.allSatisfy { $0.isEncrypted && $0.user == "shop@example.com" && $0.to == "ada@example.com" })
                let ids = try await room.fleet.sql("SELECT id FROM notifications.notifications WHERE status = 'sent'")
                #expect(Set(mails.map(\.id)) == Set(ids.map { "<\($0)@flotilla.example>" }))
                let parsed = try ParsedMail(Array(try #require(mails.first).text.utf8))
                #expect(parsed.text.hasPrefix("Hello Ada,") && parsed.html.contains("Hello Ada,"))
            }
        }
    }

    @Test("what is refused for now comes again until it is taken, once; what is refused for good is a dead letter")
    func refusals() async throws {
        try await SMTPServer.run { server in
            try await Mailroom.run(mail: try server.settings()) { room in
                for name in ["later-1", "cut-1", "never", "full", "fine", "slow"] {
                    try await room.publishUser(UUIDv7.next(), email: "\(name)@example.com")
                }
                try await room.untilNotified(6)
                try await room.untilSettled()
                #expect(
                    server.mails.map(\.to).sorted()
                        == ["cut-1@example.com", "fine@example.com", "later-1@example.com", "slow@example.com"])
                let failed = try await room.fleet.sql(
                    "SELECT error FROM notifications.notifications WHERE status = 'failed' ORDER BY error")
                #expect(failed.count == 2)
                #expect(failed.first?.hasPrefix("550") == true && failed.last?.hasPrefix("552") == true, "\(failed)")
                let letters = try await room.fleet.sql(
                    """
                    SELECT stream, subject, consumer, deliveries, error LIKE '55%' FROM notifications.dead_letters
                    """)
                #expect(letters == Array(repeating: "notifications|welcome|notifications:email|1|t", count: 2))
            }
        }
    }

    @Test("a connection that breaks when the server has the mail: it comes again, with the same Message-ID")
    func window() async throws {
        try await SMTPServer.run { server in
            try await Mailroom.run(mail: try server.settings()) { room in
                try await room.publishUser(UUIDv7.next(), email: "vanish-1@example.com")
                try await room.publishUser(UUIDv7.next(), email: "fine@example.com")
                try await room.untilNotified(2)
                try await room.untilSettled()
                let mails = server.mails
                #expect(
                    mails.map(\.to).sorted() == ["fine@example.com"]
                        + Array(repeating: "vanish-1@example.com", count: 2))
                #expect(Set(mails.map(\.id)).count == 2)
                #expect(Set(mails.filter { $0.to.hasPrefix("vanish") }.map(\.text)).count == 1)
            }
        }
    }

    @Test("without encryption, where it is required, and with a wrong login no mail goes out, and none is given up")
    func settings() async throws {
        try await SMTPServer.run { server in
            try await Mailroom.run(mail: try server.settings(encryption: .required)) { room in
                try await room.publishUser(UUIDv7.next())
                try await room.untilTried()
                #expect(server.mails.isEmpty)
                #expect(try await room.fleet.sql("SELECT count(*) FROM notifications.dead_letters") == ["0"])
            }
        }
        try await SMTPServer.run(user: ("shop", "right")) { server in
            try await Mailroom.run(mail: try server.settings(user: "shop", password: "wrong")) { room in
                try await room.publishUser(UUIDv7.next())
                try await room.untilTried()
                let error = try await room.fleet.sql("SELECT status, error FROM notifications.notifications").first
                #expect(error?.hasPrefix("pending|") == true && error?.contains("wrong") == false, "\(error ?? "")")
                #expect(server.mails.isEmpty)
            }
        }
    }

    @Test("a worker that drains finishes the mail that is on its way, and marks it")
    func drain() async throws {
        let fleet = Mutex<TestFleet?>(nil)
        try await SMTPServer.run { server in
            try await Mailroom.run(mail: try server.settings()) { room in
                try await room.publishUser(UUIDv7.next(), email: "slow@example.com")
                try await room.fleet.until("it is on its way") {
                    try await room.fleet.sql("SELECT count(*) FROM notifications.notifications WHERE attempts = 1")
                        == ["1"]
                }
                fleet.withLock { $0 = room.fleet }
            }
            #expect(server.mails.count == 1)
            let rows = try await fleet.withLock { $0 }?.sql("SELECT status, attempts FROM notifications.notifications")
            #expect(rows == ["sent|1"])
        }
    }

    @Test(
        "settings that make no sense are refused, and their passwords are not shown",
        arguments: [
            "smtp://user:s3cret@host", "http://host", "smtp://", "host", "smtp://user@host", "smtp://host/path",
            "smtp://host?x=s3cret",
        ])
    func wrongSettings(url: String) {
        do throws(NotificationsSettingsError) {
            _ = try SMTPSettings(url: url)
            Issue.record("\(url) was taken")
        } catch { #expect(!error.description.contains("s3cret")) }
    }

    @Test("encryption is required unless the server is on this machine, and passwords stay at home without it")
    func encryption() throws {
        #expect(try SMTPSettings(url: "smtp://mail.example").encryption == .required)
        #expect(try SMTPSettings(url: "smtp://127.0.0.1:25").encryption == .opportunistic)
        #expect(throws: NotificationsSettingsError.self) {
            try SMTPSettings(url: "smtp://u@mail.example", password: "x", encryption: .off)
        }
    }
}
