import NATS
import Reactor
import Testing

extension Live {
    @Reactor
    @Suite("A server that misbehaves")
    struct BadServerTests {
        @Test("a message cut off by a crash is not completed with bytes of the next connection")
        func halfMessage() async throws {
            let server = FakeServer([
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "SUB test.a")
                    peer.send("MSG test.a 2 5\r\nfirst\r\nMSG test.a 2 40\r\ncut off")
                },
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "SUB test.a")
                    for _ in 0..<3 { peer.send("MSG test.a 2 6\r\nsecond\r\n") }
                    _ = peer.line(startingWith: "never")
                },
            ])
            let client = try await Support.connect(to: server.url)
            var received: [String] = []
            try client.subscribe("test.a") { received.append($0.text) }
            #expect(await Support.eventually { received.count >= 4 })
            #expect(received == ["first", "second", "second", "second"])
            await client.close()
            server.stop()
        }

        @Test("refused credentials fail at once, without retries")
        func authorization() async throws {
            let server = FakeServer([
                { peer in
                    peer.greet()
                    peer.send("-ERR 'Authorization Violation'\r\n")
                }
            ])
            let start = ContinuousClock.now
            let error = await Support.error { _ = try await Support.connect(to: server.url) }
            #expect(error?.code == .authentication)
            #expect(error?.message.contains("Authorization Violation") == true)
            #expect(ContinuousClock.now - start < .seconds(2))
            server.stop()
        }

        @Test("credentials that are refused for a while after a reconnect do not end the connection")
        func authorizationLater() async throws {
            let refuse: @Sendable (FakeServer.Peer) -> Void = { peer in
                peer.greet()
                peer.send("-ERR 'Authorization Violation'\r\n")
            }
            let server = FakeServer([
                { $0.acceptLogin() }, refuse, refuse, refuse, refuse,
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "never")
                },
            ])
            let client = try await Support.connect(to: server.url)
            #expect(await Support.eventually { client.statistics.reconnects == 1 })
            #expect(client.isConnected)
            await client.close()
            server.stop()
        }

        @Test("a request that is not permitted fails at once, others go on")
        func permissions() async throws {
            let server = FakeServer([
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "PUB secret.a")
                    peer.send("-ERR 'Permissions Violation for Publish to \"secret.a\"'\r\n")
                    if let line = peer.line(startingWith: "PUB open.a") {
                        peer.send("MSG \(line.split(separator: " ")[2]) 1 2\r\nok\r\n")
                    }
                    _ = peer.line(startingWith: "never")
                }
            ])
            let client = try await Support.connect(to: server.url)
            let start = ContinuousClock.now
            let refused = await Support.error {
                _ = try await client.request("secret.a", body: [], timeout: .seconds(20))
            }
            #expect(refused?.code == .notPermitted)
            #expect(try await client.request("open.a", body: [], timeout: .seconds(20)).text == "ok")
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(client.statistics.serverErrors == 1)
            await client.close()
            server.stop()
        }

        @Test(
            "nonsense, errors and silence lead to a new connection",
            arguments: [
                "nonsense\r\n", "-ERR 'Unknown Protocol Operation'\r\n", "-ERR 'Stale Connection'\r\n", "MSG x\r\n", "",
            ])
        func nonsense(text: String) async throws {
            let server = FakeServer([
                { peer in
                    peer.acceptLogin()
                    peer.send(text)
                    // Silence after an empty text.
                    if text.isEmpty { while peer.line() != nil {} } else { _ = peer.line(startingWith: "never") }
                },
                { peer in
                    peer.acceptLogin()
                    _ = peer.line(startingWith: "never")
                },
            ])
            let client = try await Support.connect(to: server.url) { $0.pingInterval = .milliseconds(50) }
            #expect(await Support.eventually { client.statistics.reconnects >= 1 })
            await client.close()
            server.stop()
        }
    }
}
