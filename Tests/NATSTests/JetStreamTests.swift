import NATS
import Reactor
import Testing

extension Live {
    @Reactor
    @Suite("JetStream")
    struct JetStreamTests {
        /// A stream of the test's own with subjects `<name>.>`.
        static func makeStream(
            _ jetStream: JetStream, _ change: (inout StreamConfiguration) -> Void = { _ in }
        ) async throws -> String {
            let name = Support.prefix()
            var configuration = StreamConfiguration(name: name, subjects: ["\(name).>"])
            configuration.maximumBytes = 64 * 1_024 * 1_024
            change(&configuration)
            try await jetStream.ensureStream(configuration)
            return name
        }

        static func makeConsumer(
            _ jetStream: JetStream, _ stream: String, _ change: (inout ConsumerConfiguration) -> Void = { _ in }
        ) async throws {
            var configuration = ConsumerConfiguration(stream: stream, name: "worker")
            change(&configuration)
            try await jetStream.ensureConsumer(configuration)
        }

        @Test("a message with the same id is stored once")
        func dedupe() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            let first = try await jetStream.publish("\(stream).a", headers: ["Nats-Msg-Id": "1"], body: "x".bytes)
            let again = try await jetStream.publish("\(stream).a", headers: ["Nats-Msg-Id": "1"], body: "x".bytes)
            let second = try await jetStream.publish("\(stream).a", headers: ["Nats-Msg-Id": "2"], body: "x".bytes)
            #expect(first == PubAck(stream: stream, sequence: 1, isDuplicate: false))
            #expect(again == PubAck(stream: stream, sequence: 1, isDuplicate: true))
            #expect(second.sequence == 2 && !second.isDuplicate)
            let error = await Support.error { _ = try await jetStream.publish("\(Support.prefix()).a", body: []) }
            #expect(error?.code == .noResponders)
            #expect(try await jetStream.streamInformation(stream)?.messages == 2)
            #expect(try await jetStream.purgeStream(stream) == 2)
            #expect(try await jetStream.deleteStream(stream))
            #expect(try await jetStream.deleteStream(stream) == false)
            #expect(try await jetStream.streamInformation(stream) == nil)
            await connection.close()
        }

        @Test("a stream is made, left alone, and changed where it differs")
        func ensureStream() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let name = Support.prefix()
            var configuration = StreamConfiguration(name: name, subjects: ["\(name).>"])
            configuration.maximumAge = .seconds(3_600)
            #expect(try await jetStream.presence(of: configuration) == .missing)
            #expect(try await jetStream.ensureStream(configuration) == .missing)
            #expect(try await jetStream.ensureStream(configuration) == .asWanted)
            _ = try await jetStream.publish("\(name).a", body: [])
            configuration.maximumAge = .seconds(7_200)
            configuration.subjects.append("\(name)-more.>")
            #expect(try await jetStream.presence(of: configuration) == .different(["max_age", "subjects"]))
            #expect(try await jetStream.ensureStream(configuration) == .different(["max_age", "subjects"]))
            #expect(try await jetStream.presence(of: configuration) == .asWanted)
            #expect(try await jetStream.publish("\(name)-more.a", body: []).sequence == 2)
            configuration.storage = .memory
            let error = await Support.error { try await jetStream.ensureStream(configuration) }
            guard case .jetStream = error?.code else {
                Issue.record("changing the storage gave \(String(describing: error))")
                return
            }
            _ = try await jetStream.deleteStream(name)
            await connection.close()
        }

        @Test("many processes may make the same stream and consumer at once")
        func race() async throws {
            var connections: [NATSConnection] = []
            for _ in 0..<4 { connections.append(try await Support.connect()) }
            let name = Support.prefix()
            let tasks = connections.flatMap { connection in
                (0..<8).map { number in
                    Task { @Reactor in
                        let jetStream = JetStream(connection)
                        var configuration = StreamConfiguration(name: name, subjects: ["\(name).>"])
                        // Half of them want something else: the last one wins, nobody fails.
                        configuration.maximumMessages = number.isMultiple(of: 2) ? 1_000 : 2_000
                        try await jetStream.ensureStream(configuration)
                        try await jetStream.ensureConsumer(ConsumerConfiguration(stream: name, name: "worker"))
                    }
                }
            }
            for task in tasks { try await task.value }
            let jetStream = JetStream(connections[0])
            #expect(try await jetStream.streamInformation(name)?.consumers == 1)
            _ = try await jetStream.deleteStream(name)
            for connection in connections { await connection.close() }
        }

        @Test("a consumer is made once, changed where that is possible, and refused where not")
        func ensureConsumer() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream) { $0.filterSubject = "\(stream).a.>" }
            try await Self.makeConsumer(jetStream, stream) { $0.filterSubject = "\(stream).a.>" }
            try await Self.makeConsumer(jetStream, stream) {
                $0.filterSubject = "\(stream).a.>"
                $0.ackWait = .seconds(7)
                $0.maximumDeliveries = 5
                $0.backoff = [.seconds(1), .seconds(2)]
            }
            let refused = await Support.error {
                try await Self.makeConsumer(jetStream, stream) {
                    $0.filterSubject = "\(stream).a.>"
                    $0.deliverPolicy = .new
                }
            }
            guard case .jetStream = refused?.code else {
                Issue.record("changing the deliver policy gave \(String(describing: refused))")
                return
            }
            let missing = await Support.error {
                try await jetStream.ensureConsumer(
                    ConsumerConfiguration(stream: "no-such-stream", name: "worker"), within: .seconds(1))
            }
            #expect(missing?.code == .jetStream(code: 404, errorCode: 10_059))
            let information = try await jetStream.consumerInformation(stream: stream, consumer: "worker")
            #expect(information?.pending == 0)
            #expect(try await jetStream.deleteConsumer(stream: stream, consumer: "worker"))
            #expect(try await jetStream.deleteConsumer(stream: stream, consumer: "worker") == false)
            #expect(try await jetStream.consumerInformation(stream: stream, consumer: "worker") == nil)
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("a consumer with a filter that nobody wants is told from the wanted one and put right")
        func foreignFilter() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            let wanted = ConsumerConfiguration(stream: stream, name: "worker")
            #expect(try await jetStream.presence(of: wanted) == .missing)
            try await Self.makeConsumer(jetStream, stream) { $0.filterSubject = "\(stream).a.>" }
            #expect(try await jetStream.presence(of: wanted) == .different(["filter_subject"]))
            #expect(try await jetStream.ensureConsumer(wanted) == .different(["filter_subject"]))
            #expect(try await jetStream.ensureConsumer(wanted) == .asWanted)
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("a pull consumer gets every message once, in order, with no more in flight than allowed")
        func consume() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream)
            for number in 0..<500 {
                try connection.publish("\(stream).a", headers: ["n": "\(number)"], body: "\(number)".bytes)
            }
            var seen: [String] = []
            var most = 0
            var consumer: PullConsumer?
            consumer = try jetStream.consume(stream: stream, consumer: "worker", batch: 16, maximumInFlight: 40) {
                message in
                #expect(message.deliveries == 1)
                #expect(message.streamSequence == UInt64(seen.count + 1))
                #expect(message.message.header("n") == message.message.text)
                seen.append(message.message.text)
                most = max(most, consumer?.inFlight ?? 1)
                Task { @Reactor in
                    try? await Reactor.sleep(for: .milliseconds(1))
                    message.ack()
                    #expect(message.isSettled && !message.ack())
                }
            }
            #expect(await Support.eventually { seen.count == 500 })
            for number in 500..<1_000 {
                try connection.publish("\(stream).a", headers: ["n": "\(number)"], body: "\(number)".bytes)
            }
            #expect(await Support.eventually { seen.count == 1_000 && consumer?.inFlight == 0 })
            #expect(seen == (0..<1_000).map(String.init))
            #expect(most <= 40 && most > 8)
            try await connection.flush(timeout: .seconds(5))
            let information = try await jetStream.consumerInformation(stream: stream, consumer: "worker")
            #expect(information?.ackPending == 0 && information?.pending == 0)
            consumer?.unsubscribe()
            // The durable stays.
            #expect(try await jetStream.consumerInformation(stream: stream, consumer: "worker") != nil)
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("two pull consumers of one durable share its messages")
        func share() async throws {
            let connections = [try await Support.connect(), try await Support.connect()]
            let jetStream = JetStream(connections[0])
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream)
            var counts = [0, 0]
            var consumers: [PullConsumer] = []
            for (index, connection) in connections.enumerated() {
                consumers.append(
                    try JetStream(connection).consume(
                        stream: stream, consumer: "worker", batch: 10, maximumInFlight: 20
                    ) {
                        counts[index] += 1
                        $0.ack()
                    })
            }
            for _ in 0..<1_000 { try connections[0].publish("\(stream).a", body: "x".bytes) }
            #expect(await Support.eventually { counts[0] + counts[1] == 1_000 })
            #expect(counts[0] > 50 && counts[1] > 50)
            for consumer in consumers { await consumer.drain(timeout: .seconds(5)) }
            _ = try await jetStream.deleteStream(stream)
            for connection in connections { await connection.close() }
        }

        @Test("a refused message comes back after its delay, a terminated or dropped one as the server is told")
        func answers() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream) { $0.ackWait = .seconds(1) }
            for text in ["nak", "term", "drop", "slow"] { try connection.publish("\(stream).a", body: text.bytes) }
            var deliveries: [String: [ContinuousClock.Instant]] = [:]
            let consumer = try jetStream.consume(stream: stream, consumer: "worker") { message in
                let text = message.message.text
                deliveries[text, default: []].append(ContinuousClock.now)
                #expect(message.deliveries == deliveries[text]?.count)
                switch text {
                case "nak" where message.deliveries == 1: message.nak(delay: .milliseconds(500))
                case "term": message.term()
                case "drop" where message.deliveries == 1: break
                case "slow":
                    Task { @Reactor in
                        for _ in 0..<4 {
                            try? await Reactor.sleep(for: .milliseconds(500))
                            #expect(message.inProgress())
                        }
                        message.ack()
                    }
                default: message.ack()
                }
            }
            #expect(await Support.eventually { deliveries["nak"]?.count == 2 && deliveries["drop"]?.count == 2 })
            // The slow one takes two of the times after which others would be delivered again.
            #expect(await Support.eventually { consumer.inFlight == 0 })
            let nak = try #require(deliveries["nak"])
            #expect(nak[1] - nak[0] >= .milliseconds(490) && nak[1] - nak[0] < .milliseconds(950))
            #expect(deliveries["term"]?.count == 1)
            #expect(deliveries["slow"]?.count == 1)
            #expect(consumer.inFlight == 0)
            consumer.unsubscribe()
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("a deleted consumer is reported, and the pull goes on when it is made again")
        func missing() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream)
            var (missing, received) = (0, 0)
            let consumer = try jetStream.consume(
                stream: stream, consumer: "worker",
                whenMissing: { consumer in
                    missing += 1
                    Task { @Reactor in
                        try await Self.makeConsumer(jetStream, stream)
                        consumer.resume()
                    }
                },
                handler: {
                    received += 1
                    $0.ack()
                })
            try connection.publish("\(stream).a", body: [])
            #expect(await Support.eventually { received == 1 })
            _ = try await jetStream.deleteConsumer(stream: stream, consumer: "worker")
            #expect(await Support.eventually { missing == 1 && consumer.isPulling })
            // The new consumer starts from the beginning.
            try connection.publish("\(stream).a", body: [])
            #expect(await Support.eventually { received == 3 })
            #expect(missing == 1)
            consumer.unsubscribe()
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("a consumer that never existed is reported")
        func neverThere() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            var missing = 0
            let consumer = try jetStream.consume(
                stream: stream, consumer: "nobody", expires: .seconds(1), whenMissing: { _ in missing += 1 },
                handler: { _ in })
            #expect(await Support.eventually { missing == 1 })
            #expect(!consumer.isPulling)
            consumer.unsubscribe()
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }

        @Test("draining a pull consumer leaves nothing unanswered")
        func drain() async throws {
            let connection = try await Support.connect()
            let jetStream = JetStream(connection)
            let stream = try await Self.makeStream(jetStream)
            try await Self.makeConsumer(jetStream, stream)
            for _ in 0..<2_000 { try connection.publish("\(stream).a", body: []) }
            var received = 0
            let consumer = try jetStream.consume(stream: stream, consumer: "worker", batch: 50, maximumInFlight: 100) {
                received += 1
                $0.ack()
            }
            #expect(await Support.eventually { received > 300 })
            await consumer.drain(timeout: .seconds(5))
            let atEnd = received
            try await connection.flush(timeout: .seconds(5))
            let information = try #require(await jetStream.consumerInformation(stream: stream, consumer: "worker"))
            #expect(information.ackPending == 0)
            #expect(information.pending == UInt64(2_000 - atEnd))
            #expect(received == atEnd)
            _ = try await jetStream.deleteStream(stream)
            await connection.close()
        }
    }
}
