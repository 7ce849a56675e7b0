import Glibc
import LocalServers
import NATS
import Reactor
import Testing

extension Live {
    @Reactor
    @Suite("Losing the connection")
    struct ReconnectTests {
        @Test("no server gives one clear line when the time is up")
        func unreachable() async throws {
            let start = ContinuousClock.now
            let error = await Support.error {
                _ = try await Support.connect(to: "nats://user:secret@127.0.0.1:1") {
                    $0.connectTimeout = .milliseconds(400)
                }
            }
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("127.0.0.1:1") == true)
            #expect(error?.message.contains("secret") == false)
            #expect(error?.message.contains("\n") == false)
            #expect(ContinuousClock.now - start < .seconds(2))
            let empty = await Support.error { _ = try await Support.connect(to: "") }
            #expect(empty?.code == .configuration)
            let file = await Support.error {
                _ = try await Support.connect { $0.tls = .init(authorityFile: "/nowhere/ca.pem") }
            }
            #expect(file?.code == .configuration)
        }

        @Test("of several servers one that lives is enough")
        func severalServers() async throws {
            let url = try await TestServers.nats().url
            let client = try await Support.connect { $0.urls = ["nats://127.0.0.1:1", url, "nats://127.0.0.1:2"] }
            try await client.flush(timeout: .seconds(5))
            await client.close()
        }

        @Test("connecting can be cancelled")
        func cancelled() async throws {
            let task = Task {
                await Support.error {
                    _ = try await Support.connect(to: "nats://127.0.0.1:1") { $0.connectTimeout = .seconds(60) }
                }
            }
            try await Reactor.sleep(for: .milliseconds(100))
            task.cancel()
            #expect(await task.value?.code == .cancelled)
        }

        @Test("after a crash of the server requests fail at once, publishing is refused, and everything comes back")
        func killed() async throws {
            let nats = try await Support.ownServer()
            let client = try await Support.connect(to: nats.url)
            let server = try await Support.connect(to: nats.url)
            var states: [NATSConnectionState] = []
            client.onStateChange { states.append($0) }
            var silent = 0
            try server.subscribe("echo", queue: "q") { try? server.respond(to: $0, body: $0.body) }
            try server.subscribe("silent") { _ in silent += 1 }
            try await server.flush(timeout: .seconds(5))
            #expect(try await client.request("echo", body: "1".bytes, timeout: .seconds(5)).text == "1")

            let pending = (0..<50).map { _ in
                Task { await Support.error { _ = try await client.request("silent", body: [], timeout: .seconds(30)) } }
            }
            #expect(await Support.eventually { silent == 50 })
            let start = ContinuousClock.now
            await nats.kill()
            for task in pending { #expect(await task.value?.code == .disconnected) }
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(!client.isConnected && client.state == .reconnecting)
            #expect(await Support.error { try client.publish("echo", body: []) }?.code == .disconnected)
            let refused = await Support.error { _ = try await client.request("echo", body: [], timeout: .seconds(5)) }
            #expect(refused?.code == .disconnected)
            #expect(await Support.error { try await client.flush(timeout: .seconds(1)) }?.code == .disconnected)
            // Made, and ended, while nothing is connected.
            try server.subscribe("later") { try? server.respond(to: $0, body: "later".bytes) }
            let ended = try server.subscribe("ended") { _ in }
            ended.unsubscribe()
            let drained = try server.subscribe("drained") { _ in }
            await drained.drain(timeout: .seconds(1))

            try await nats.restart()
            #expect(await Support.eventually { client.isConnected && server.isConnected })
            try await server.flush(timeout: .seconds(5))
            #expect(try await client.request("echo", body: "2".bytes, timeout: .seconds(5)).text == "2")
            #expect(try await client.request("later", body: [], timeout: .seconds(5)).text == "later")
            for subject in ["ended", "drained"] {
                let error = await Support.error {
                    _ = try await client.request(subject, body: [], timeout: .seconds(5))
                }
                #expect(error?.code == .noResponders)
            }
            #expect(states == [.reconnecting, .connected])
            #expect(client.statistics.reconnects == 1)
            #expect(client.requestsPending == 0)
            await client.close()
            #expect(states.last == .closed)
            #expect(await Support.error { try client.publish("echo", body: []) }?.code == .closed)
            #expect(await Support.error { try client.subscribe("echo") { _ in } }?.code == .closed)
            await server.close()
            await nats.stop()
        }

        @Test("a server that hangs is noticed, and the connection made again when it goes on")
        func stopped() async throws {
            let nats = try await Support.ownServer()
            let client = try await Support.connect(to: nats.url) { $0.pingInterval = .milliseconds(200) }
            let pending = Task { @Reactor in
                await Support.error {
                    try client.subscribe("silent") { _ in }
                    _ = try await client.request("silent", body: [], timeout: .seconds(30))
                }
            }
            try await client.flush(timeout: .seconds(5))
            nats.signal(SIGSTOP)
            #expect(await pending.value?.code == .disconnected)
            nats.signal(SIGCONT)
            #expect(await Support.eventually { client.isConnected })
            try await client.flush(timeout: .seconds(5))
            await client.close()
            await nats.stop()
        }

        @Test(
            "a server that takes no bytes does not fill the memory: publishing is refused, then the connection given up"
        )
        func blocked() async throws {
            let nats = try await Support.ownServer()
            let client = try await Support.connect(to: nats.url) {
                $0.maximumBytesPending = 4 * 1_024 * 1_024
                $0.writeDeadline = .milliseconds(300)
            }
            nats.signal(SIGSTOP)
            let body = [UInt8](repeating: 1, count: 100_000)
            var error: NATSError?
            for _ in 0..<1_000 where error == nil {
                error = await Support.error { try client.publish("a", body: body) }
            }
            #expect(error?.code == .overloaded)
            #expect(client.bytesPending < 5 * 1_024 * 1_024)
            #expect(await Support.eventually(within: .seconds(3)) { client.state == .reconnecting })
            nats.signal(SIGCONT)
            #expect(await Support.eventually { client.isConnected })
            #expect(client.bytesPending == 0)
            await client.close()
            await nats.stop()
        }

        @Test("a pull consumer gets everything across crashes of the server")
        func consumeAcrossCrashes() async throws {
            let nats = try await Support.ownServer()
            let publisher = try await Support.connect(to: nats.url)
            let worker = try await Support.connect(to: nats.url)
            let jetStream = JetStream(publisher)
            try await jetStream.ensureStream(StreamConfiguration(name: "S", subjects: ["s.>"]))
            var configuration = ConsumerConfiguration(stream: "S", name: "worker")
            configuration.ackWait = .seconds(1)
            try await jetStream.ensureConsumer(configuration)
            var seen: Set<String> = []
            let consumer = try JetStream(worker).consume(
                stream: "S", consumer: "worker", batch: 20, maximumInFlight: 50
            ) {
                seen.insert($0.message.text)
                $0.ack()
            }
            for round in 0..<3 {
                for number in 0..<200 {
                    let id = "\(round)-\(number)"
                    while true {
                        // Repeated until it is stored: the id makes that harmless.
                        if await Support.error({
                            _ = try await jetStream.publish(
                                "s.a", headers: ["Nats-Msg-Id": id], body: id.bytes, timeout: .seconds(1))
                        }) == nil {
                            break
                        }
                        try await Reactor.sleep(for: .milliseconds(20))
                    }
                    if number == 100 {
                        await nats.kill()
                        try await nats.restart()
                    }
                }
            }
            #expect(await Support.eventually(within: .seconds(20)) { seen.count == 600 })
            #expect(try await jetStream.streamInformation("S")?.messages == 600)
            #expect(worker.statistics.reconnects == 3)
            #expect(await Support.eventually { consumer.inFlight == 0 })
            consumer.unsubscribe()
            await publisher.close()
            await worker.close()
            await nats.stop()
        }

        @Test("a closed connection ends what waits for it")
        func closeEnds() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).silent"
            try client.subscribe(subject) { _ in }
            let pending = Task {
                await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(30)) }
            }
            #expect(await Support.eventually { client.requestsPending == 1 })
            await client.close()
            #expect(await pending.value?.code == .closed)
            await client.close()
        }
    }
}
