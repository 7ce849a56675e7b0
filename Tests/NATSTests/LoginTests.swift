import LocalServers
import Logging
import NATS
import Reactor
import Synchronization
import Testing

extension Live {
    @Reactor
    @Suite("Logging in")
    struct LoginTests {
        nonisolated static let passwords = [
            #"a"quote"#, #"back\slash\"#, "at@sign", "sla/sh", "per%cent%25", "colon:comma,", "blank and # $ {x}",
            #"", "user": "other"#, "grüße ☃", "line\r\nPUB a 0\r\n\r\nbreak", "tab\tand \u{1F}",
        ]

        /// A server that knows one user.
        private func server(_ user: String, _ password: String) async throws -> LocalNATS {
            var options = LocalNATS.Options(directory: try TestServers.directory())
            options.extraConfiguration =
                "authorization { user: \(Self.quoted(user)), password: \(Self.quoted(password)) }"
            return try await LocalNATS.start(options)
        }

        /// As a string of the configuration language.
        private static func quoted(_ text: String) -> String {
            "\""
                + text.unicodeScalars.map { scalar in
                    switch scalar {
                    case "\"", "\\": "\\\(scalar)"
                    case "\n": "\\n"
                    case "\r": "\\r"
                    case "\t": "\\t"
                    default: "\(scalar)"
                    }
                }.joined() + "\""
        }

        private static func escaped(_ text: String) -> String {
            text.utf8.map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return Character(Unicode.Scalar(byte)).isLetter && byte < 128
                    ? String(Unicode.Scalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }

        @Test("any password logs in, by the URL and beside it, and again after a reconnect", arguments: passwords)
        func passwords(_ password: String) async throws {
            let server = try await server("or\"de\\rs", password)
            let address = "127.0.0.1:\(server.port)"
            let url = "nats://\(Self.escaped("or\"de\\rs")):\(Self.escaped(password))@\(address)"
            let byURL = try await Support.connect(to: url) { $0.name = #"a "name""# }
            let beside = try await Support.connect(to: server.url) {
                $0.credentials = .user("or\"de\\rs", password: password)
            }
            #expect(byURL.configuration.urls == ["nats://\(address)"])
            try await server.restart()
            for client in [byURL, beside] {
                #expect(await Support.eventually { client.statistics.reconnects == 1 && client.isConnected })
                try await client.flush(timeout: .seconds(5))
                await client.close()
            }
            await server.stop()
        }

        @Test(
            "what is not escaped in a URL but cannot be mistaken logs in as well",
            arguments: ["a@b", "a/b:c", #"a"b\"#])
        func unescaped(_ password: String) async throws {
            let server = try await server("orders", password)
            let client = try await Support.connect(to: "nats://orders:\(password)@127.0.0.1:\(server.port)")
            await client.close()
            await server.stop()
        }

        @Test("a token with quotes logs in")
        func token() async throws {
            var options = LocalNATS.Options(directory: try TestServers.directory())
            options.extraConfiguration = #"authorization { token: "to\"k\\en" }"#
            let server = try await LocalNATS.start(options)
            let client = try await Support.connect(to: "nats://to%22k%5Cen@127.0.0.1:\(server.port)")
            await client.close()
            await server.stop()
        }

        @Test("a wrong password is one line without it")
        func wrongPassword() async throws {
            let server = try await server("orders", "right")
            let error = await Support.error {
                _ = try await Support.connect(to: "nats://orders:wr%22ong-secret@127.0.0.1:\(server.port)")
            }
            #expect(error?.code == .authentication)
            #expect(
                error?.message == "cannot connect to NATS at nats://127.0.0.1:\(server.port) as orders: "
                    + "Authorization Violation")
            await server.stop()
        }

        @Test("a password that is refused after a reconnect is in no log")
        func noLog() async throws {
            let server = FakeServer([
                { $0.acceptLogin() },
                { peer in
                    peer.greet()
                    peer.send("-ERR 'Authorization Violation'\r\n")
                },
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "never")
                },
            ])
            let lines = Mutex<[String]>([])
            let logger = Logger(label: "test") { _ in
                Recorder { line in lines.withLock { $0.append(line) } }
            }
            let client = try await NATSConnection.connect(
                NATSConfiguration(url: "nats://orders:my-%73ecret@127.0.0.1:\(server.port)"), logger: logger)
            #expect(await Support.eventually { client.statistics.reconnects == 1 })
            let said = lines.withLock { $0 }
            #expect(said.contains { $0.contains("Authorization Violation") })
            #expect(!said.contains { $0.contains("ecret") }, "\(said)")
            await client.close()
            server.stop()
        }

        @Test("URLs that cannot be understood are refused without showing them")
        func badURLs() async throws {
            for (url, words) in [
                ("nats://orders:sec%ret@h", "the password in a NATS URL has a malformed escape; write % as %25"),
                ("nats://orders:secret%2@h", "the password in a NATS URL has a malformed escape; write % as %25"),
                ("nats://or%zzders:secret@h", "the user in a NATS URL has a malformed escape; write % as %25"),
                ("nats://orders:secret%FF@h", "the password in a NATS URL is not UTF-8"),
                ("nats://:secret@h", "a NATS URL has a password and no user"),
                ("nats://a:secret@h,nats://b:secret@i", "the NATS URLs do not have the same user and password"),
                ("nats://a:secret@h,nats://i", "the NATS URLs do not have the same user and password"),
            ] {
                let error = await Support.error { _ = try await Support.connect(to: url) }
                #expect(error?.code == .configuration && error?.message == words, "\(words)")
            }
            let twice = await Support.error {
                _ = try await Support.connect(to: "nats://a:secret@h") { $0.credentials = .token("t") }
            }
            #expect(twice?.message == "who logs in to NATS is said twice: in the URL and beside it")
        }

        @Test("replies go to the user's own inbox unless another is given")
        func inboxes() throws {
            func prefix(_ url: String, _ change: (inout NATSConfiguration) -> Void = { _ in }) throws -> String? {
                var configuration = NATSConfiguration(url: url)
                change(&configuration)
                return try configuration.settled().settled().inboxPrefix
            }
            #expect(try prefix("nats://orders:secret@h") == "_INBOX_orders")
            #expect(try prefix("h") { $0.credentials = .user("a-b_C", password: "") } == "_INBOX_a-b_C")
            #expect(try prefix("nats://orders:secret@h") { $0.inboxPrefix = "_MINE" } == "_MINE")
            #expect(try prefix("h") == "_INBOX")
            #expect(try prefix("nats://token@h") == "_INBOX")
            #expect(try prefix("nats://a.b%20c:secret@h") == "_INBOX")
        }
    }
}

/// Hands each line with its metadata on.
private struct Recorder: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let note: @Sendable (String) -> Void

    init(_ note: @escaping @Sendable (String) -> Void) { self.note = note }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { note("\(event.message) \(event.metadata ?? [:])") }
}
