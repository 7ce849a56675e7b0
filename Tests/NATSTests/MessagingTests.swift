import NATS
import Reactor
import Testing

extension Live {
    @Reactor
    @Suite("Publishing and subscribing")
    struct MessagingTests {
        @Test("subjects and headers that would inject are refused before anything is sent")
        func injection() async throws {
            let client = try await Support.connect()
            let prefix = Support.prefix()
            var received = 0
            try client.subscribe("\(prefix).>") { _ in received += 1 }
            for subject in [
                "\(prefix).a\r\nPUB \(prefix).b 0\r\n", "\(prefix).a \(prefix).b", "\(prefix)..b", "\(prefix).*", "",
            ] {
                let publish = await Support.error { try client.publish(subject, body: []) }
                #expect(publish?.code == .invalidSubject)
                let reply = await Support.error { try client.publish("\(prefix).a", reply: subject, body: []) }
                #expect(reply?.code == .invalidSubject)
                let request = await Support.error {
                    _ = try await client.request(subject, body: [], timeout: .seconds(1))
                }
                #expect(request?.code == .invalidSubject)
            }
            for subject in ["\(prefix).a b", "\(prefix)\r\n", "\(prefix).>.x"] {
                #expect(await Support.error { try client.subscribe(subject) { _ in } }?.code == .invalidSubject)
            }
            #expect(
                await Support.error { try client.subscribe(prefix, queue: "a b") { _ in } }?.code == .invalidSubject)
            for headers in [["a\r\nb": "1"], ["a": "1\r\nb: 2"], ["a": ""], ["": "1"], ["a": " "]] as [NATSHeaders] {
                let error = await Support.error { try client.publish("\(prefix).a", headers: headers, body: []) }
                #expect(error?.code == .invalidHeader)
            }
            try await client.flush(timeout: .seconds(5))
            #expect(received == 0)
            #expect(client.requestsPending == 0)
            await client.close()
        }

        @Test("members of a queue group share the messages, each message reaches one")
        func queueGroups() async throws {
            let sender = try await Support.connect()
            let members = [try await Support.connect(), try await Support.connect()]
            let subject = "\(Support.prefix()).work"
            var counts = [0, 0]
            var seen: Set<String> = []
            for (index, member) in members.enumerated() {
                try member.subscribe(subject, queue: "q") { message in
                    counts[index] += 1
                    seen.insert(message.text)
                }
                try await member.flush(timeout: .seconds(5))
            }
            for number in 0..<1_000 { try sender.publish(subject, body: "\(number)".bytes) }
            #expect(await Support.eventually { counts[0] + counts[1] == 1_000 })
            #expect(seen.count == 1_000)
            #expect(counts[0] > 100 && counts[1] > 100)
            for connection in members + [sender] { await connection.close() }
        }

        @Test("messages of a megabyte arrive whole, larger ones are refused here")
        func largeMessages() async throws {
            let client = try await Support.connect()
            let server = try await Support.connect()
            let subject = "\(Support.prefix()).large"
            try server.subscribe(subject) { message in
                try? message.withBody { bytes in
                    try server.respond(to: message, headers: ["Kind": "large"], bytes: bytes)
                }
            }
            try await server.flush(timeout: .seconds(5))
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let tasks = (0..<8).map { _ in
                Task {
                    try await client.request(subject, headers: ["Kind": "large"], body: body, timeout: .seconds(20))
                }
            }
            for task in tasks {
                let reply = try await task.value
                #expect(reply.body == body)
                #expect(reply.header("Kind") == "large")
            }
            let limit = [UInt8](repeating: 1, count: 1_048_576)
            try server.subscribe("\(subject).size") { try? server.respond(to: $0, body: "\($0.count)".bytes) }
            try await server.flush(timeout: .seconds(5))
            let size = try await client.request("\(subject).size", body: limit, timeout: .seconds(20))
            #expect(size.text == "1048576")
            let error = await Support.error { try client.publish(subject, body: limit + [1]) }
            // Headers count as well.
            let header = await Support.error { try client.publish(subject, headers: ["a": "1"], body: limit) }
            #expect(header?.code == .maxPayload)
            #expect(error?.code == .maxPayload)
            #expect(client.isConnected)
            await client.close()
            await server.close()
        }

        @Test("empty bodies keep their headers")
        func emptyBody() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).empty"
            try client.subscribe(subject) { message in
                let echo = message.headers.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: ";")
                try? client.respond(to: message, body: echo.bytes)
            }
            let reply = try await client.request(
                subject, headers: ["a": "1", "b": "2 3"], body: [], timeout: .seconds(5))
            #expect(reply.text == "a=1;b=2 3")
            await client.close()
        }

        @Test("a flood of messages lets timers run in time")
        func flood() async throws {
            let sender = try await Support.connect()
            let receiver = try await Support.connect()
            let subject = "\(Support.prefix()).flood"
            var handled = 0
            try receiver.subscribe(subject) { _ in
                handled += 1
                // A handler that takes its time.
                let end = ContinuousClock.now + .microseconds(50)
                while ContinuousClock.now < end {}
            }
            try await receiver.flush(timeout: .seconds(5))
            for _ in 0..<20_000 { try sender.publish(subject, body: "x".bytes) }
            // A second of work at least: timers of 5 ms have their turns in between, however slow the machine is.
            var turns = 0
            while handled < 20_000 {
                try await Reactor.sleep(for: .milliseconds(5))
                turns += 1
            }
            #expect(turns > 40)
            #expect(receiver.statistics.slowConsumerDrops == 0)
            await sender.close()
            await receiver.close()
        }

        @Test("a flush returns when the server has what was published")
        func flush() async throws {
            let sender = try await Support.connect()
            let receiver = try await Support.connect()
            let subject = "\(Support.prefix()).flush"
            var received = 0
            try receiver.subscribe(subject) { _ in received += 1 }
            try await receiver.flush(timeout: .seconds(5))
            for _ in 0..<5_000 { try sender.publish(subject, body: "x".bytes) }
            try await sender.flush(timeout: .seconds(5))
            try await receiver.flush(timeout: .seconds(5))
            #expect(await Support.eventually { received == 5_000 })
            await sender.close()
            await receiver.close()
        }

        @Test("draining a subscription answers everything that was sent before")
        func drain() async throws {
            let client = try await Support.connect()
            let server = try await Support.connect()
            let subject = "\(Support.prefix()).drain"
            var open = 0
            let subscription = try server.subscribe(subject, queue: "q") { message in
                open += 1
                Task { @Reactor in
                    try? await Reactor.sleep(for: .milliseconds(5))
                    try? server.respond(to: message, body: message.body)
                    open -= 1
                }
            }
            try await server.flush(timeout: .seconds(5))
            let tasks = (0..<2_000).map { number in
                Task { try await client.request(subject, body: "\(number)".bytes, timeout: .seconds(20)).text }
            }
            #expect(await Support.eventually { client.statistics.messagesOut == 2_000 })
            try await client.flush(timeout: .seconds(5))
            await subscription.drain(timeout: .seconds(10))
            #expect(!subscription.isActive)
            #expect(await Support.eventually { open == 0 })
            try await server.flush(timeout: .seconds(5))
            await server.close()
            for (number, task) in tasks.enumerated() { #expect(try await task.value == "\(number)") }
            let error = await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(5)) }
            #expect(error?.code == .noResponders)
            await client.close()
        }

        @Test("an unsubscribed handler is not called again")
        func unsubscribe() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).once"
            var received = 0
            var subscription: NATSSubscription?
            subscription = try client.subscribe(subject) { _ in
                received += 1
                subscription?.unsubscribe()
            }
            for _ in 0..<100 { try client.publish(subject, body: []) }
            try await client.flush(timeout: .seconds(5))
            #expect(received == 1)
            #expect(client.isConnected)
            await client.close()
        }
    }
}
