import NATS
import Reactor
import Testing

extension Live {
    @Reactor
    @Suite("Requests")
    struct RequestTests {
        @Test("a request is answered with subject, body and headers as they were sent")
        func echo() async throws {
            let client = try await Support.connect()
            let server = try await Support.connect()
            let subject = "\(Support.prefix()).echo"
            try server.subscribe(subject, queue: "q") { message in
                var headers: NATSHeaders = [:]
                for field in message.headers { headers.append(field.name, field.value) }
                try? server.respond(to: message, headers: headers, body: message.body)
            }
            try await server.flush(timeout: .seconds(5))
            let headers: NATSHeaders = [
                "traceparent": "00-abc", "Flotilla-Actor": "customer:1", "X-Text": "grüße, welt: ja",
            ]
            let reply = try await client.request(subject, headers: headers, body: "hello".bytes, timeout: .seconds(5))
            #expect(reply.text == "hello")
            for field in headers { #expect(reply.header(field.name) == field.value) }
            #expect(reply.header("traceparen") == nil)
            #expect(reply.header("Traceparent") == nil)
            #expect(reply.headers.count == 3)
            await client.close()
            await server.close()
        }

        @Test("a subject nobody listens on fails within milliseconds")
        func noResponders() async throws {
            let client = try await Support.connect()
            let start = ContinuousClock.now
            let error = await Support.error {
                _ = try await client.request("\(Support.prefix()).nobody", body: [], timeout: .seconds(5))
            }
            #expect(error?.code == .noResponders)
            #expect(ContinuousClock.now - start < .seconds(2))
            await client.close()
        }

        @Test("ten thousand requests at once each get their own reply")
        func many() async throws {
            let client = try await Support.connect()
            let server = try await Support.connect()
            let subject = "\(Support.prefix()).echo"
            try server.subscribe(subject) { message in
                try? server.respond(to: message, body: message.body)
            }
            try await server.flush(timeout: .seconds(5))
            let tasks = (0..<10_000).map { number in
                Task { try await client.request(subject, body: "\(number)".bytes, timeout: .seconds(30)).text }
            }
            for (number, task) in tasks.enumerated() { #expect(try await task.value == "\(number)") }
            #expect(client.requestsPending == 0)
            await client.close()
            await server.close()
        }

        @Test("a request nobody answers ends with its own timeout")
        func timeout() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).silent"
            try client.subscribe(subject) { _ in }
            let start = ContinuousClock.now
            let slow = Task {
                await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(2)) }
            }
            let fast = await Support.error {
                _ = try await client.request(subject, body: [], timeout: .milliseconds(100))
            }
            let elapsed = ContinuousClock.now - start
            #expect(fast?.code == .timeout)
            #expect(elapsed >= .milliseconds(99) && elapsed < .milliseconds(1_500))
            #expect(await slow.value?.code == .timeout)
            #expect(ContinuousClock.now - start >= .milliseconds(1_999))
            #expect(client.requestsPending == 0)
            await client.close()
        }

        @Test("a cancelled request ends at once and leaves nothing behind")
        func cancellation() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).silent"
            try client.subscribe(subject) { _ in }
            let start = ContinuousClock.now
            let tasks = (0..<100).map { _ in
                Task { await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(30)) } }
            }
            #expect(await Support.eventually { client.requestsPending == 100 })
            for task in tasks { task.cancel() }
            for task in tasks { #expect(await task.value?.code == .cancelled) }
            let before = Task {
                await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(30)) }
            }
            before.cancel()
            #expect(await before.value?.code == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(client.requestsPending == 0)
            await client.close()
        }

        @Test("late replies are counted and dropped")
        func lateReply() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).late"
            var waiting: NATSMessage?
            try client.subscribe(subject) { waiting = $0 }
            _ = await Support.error { _ = try await client.request(subject, body: [], timeout: .milliseconds(50)) }
            let message = try #require(waiting)
            try client.respond(to: message, body: [])
            #expect(await Support.eventually { client.statistics.lateReplies == 1 })
            await client.close()
        }

        @Test("more requests than allowed are refused at once")
        func bound() async throws {
            let client = try await Support.connect { $0.maximumRequestsPending = 10 }
            let subject = "\(Support.prefix()).silent"
            try client.subscribe(subject) { _ in }
            let tasks = (0..<10).map { _ in
                Task {
                    await Support.error { _ = try await client.request(subject, body: [], timeout: .milliseconds(500)) }
                }
            }
            #expect(await Support.eventually { client.requestsPending == 10 })
            let error = await Support.error { _ = try await client.request(subject, body: [], timeout: .seconds(1)) }
            #expect(error?.code == .overloaded)
            for task in tasks { _ = await task.value }
            await client.close()
        }

        @Test("many answers to one request are gathered until it is quiet")
        func gathering() async throws {
            let client = try await Support.connect()
            let subject = "\(Support.prefix()).all"
            for number in 0..<5 {
                try client.subscribe(subject) { try? client.respond(to: $0, body: "\(number)".bytes) }
            }
            let start = ContinuousClock.now
            let replies = try await client.requestMany(subject, for: .seconds(5), quiet: .milliseconds(100))
            #expect(replies.map(\.text).sorted() == ["0", "1", "2", "3", "4"])
            #expect(ContinuousClock.now - start < .seconds(2))
            let three = try await client.requestMany(subject, for: .seconds(5), quiet: .seconds(5), limit: 3)
            #expect(three.count == 3)
            let none = try await client.requestMany("\(subject).none", for: .seconds(5), quiet: .seconds(5))
            #expect(none.isEmpty)
            #expect(client.requestsPending == 0)
            await client.close()
        }
    }
}
