import Contracts
import FleetTesting
import Foundation
import LocalServers
import Logging
import NATS
import Streams
import Synchronization
import Testing

@testable import Worker

@Suite("streams of a worker")
struct StreamKeeperTests {
    /// Lines as they come, with their level.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func logger() -> Logger { Logger(label: "test") { _ in Handler(lines: self) } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        func contains(_ line: String) -> Bool { lines.withLock { $0.contains(line) } }
        func contains(where isWanted: (String) -> Bool) -> Bool { lines.withLock { $0.contains(where: isWanted) } }
        func count(_ line: String) -> Int { lines.withLock { $0.count { $0 == line } } }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
    }

    @Reactor
    @Test("on an open broker a worker makes what is missing and changes what differs by itself")
    func open() async throws {
        let contracts = try ContractSet.read([
            ContractSource(
                name: "keepers.yaml",
                text: """
                    worker: keepers
                    version: 1.0.0
                    description: Keeps.
                    endpoints: [{ subject: keepers.a, description: A., access: internal }]
                    stream:
                      name: KEEPER_EVENTS
                      prefix: keeper-events
                      aggregate: keeper
                      partitions: 1
                      retention: 1d
                      events: { KEPT: { description: Kept. } }
                    consumes: { KEEPER_EVENTS: all }
                    """)
        ])
        let nats = try await NATSConnection.connect(
            NATSConfiguration(url: try await TestServers.nats().url), logger: Logger(label: "test"))
        let jetStream = JetStream(nats)
        let plan = StreamPlan(of: "keepers", contracts)
        #expect(plan.parts.count == 2)
        let keeper = StreamKeeper(jetStream: jetStream, logger: Lines().logger())
        await keeper.untilPermitted(plan.parts)
        for part in plan.parts { #expect(try await part.presence(in: jetStream) == .asWanted) }
        try await jetStream.ensureStream(StreamConfiguration(name: "KEEPER_EVENTS", subjects: ["keeper-events.0.>"]))
        try await jetStream.deleteConsumer(stream: "KEEPER_EVENTS", consumer: "keepers")
        try await keeper.ensure(plan.parts)
        for part in plan.parts { #expect(try await part.presence(in: jetStream) == .asWanted) }
        try await jetStream.deleteStream("KEEPER_EVENTS")
        await nats.close()
    }

    @Test(
        "a worker that may not make what is missing says so in one line, is not ready, and is when the operator has made it"
    )
    func refused() async throws {
        let lines = Lines()
        let missing = "not ready: the stream NOTE_EVENTS is missing and this user may not make it"
        let isCreation = { (line: String) in line.contains("$JS.API.STREAM.CREATE.NOTE_EVENTS") }
        try await RuntimeTests.withFleet(isBare: true, violations: isCreation) { fleet in
            async let running: Void = fleet.run(RuntimeTests.workers(readers: 1), logger: lines.logger()) {
                #expect(try await RuntimeTests.write(fleet, UUID()).status == 0)
                try await fleet.until("it is read") {
                    try await fleet.sql("SELECT count(*) FROM readers.read") == ["1"]
                }
            }
            try await fleet.until("both say what is missing") {
                lines.count("error \(missing); as the operator: flotilla streams apply") == 2
            }
            // Silent to those who look for it, and to those who call.
            for subject in ["$SRV.PING.notes", "$SRV.PING.readers", "notes.write", "readers.count"] {
                let error = await #expect(throws: NATSError.self) {
                    _ = try await fleet.client.request(subject, body: [], timeout: .seconds(2))
                }
                #expect(error?.code == .noResponders, "\(subject)")
            }
            #expect(!lines.contains("info ready"))
            let applied = try await StreamPlan(fleet.contracts).apply(to: JetStream(fleet.client))
            #expect(applied.count == 2 && applied.allSatisfy { $0.found == .missing })
            try await running
            #expect(lines.contains("info is there now: stream NOTE_EVENTS"))
        }
    }

    @Test("a worker that waits for its streams ends at once when it is told to")
    func stopped() async throws {
        let lines = Lines()
        let isCreation = { (line: String) in line.contains("$JS.API.STREAM.CREATE.NOTE_EVENTS") }
        try await RuntimeTests.withFleet(isBare: true, violations: isCreation) { fleet in
            let task = Task { try await fleet.run(RuntimeTests.workers(readers: 1), logger: lines.logger()) {} }
            try await fleet.until("it waits") { lines.contains(where: { $0.hasPrefix("error not ready: ") }) }
            let began = ContinuousClock.now
            task.cancel()
            _ = await task.result
            #expect(ContinuousClock.now - began < .seconds(5))
        }
    }

    @Test("a stream that differs from the contract keeps no worker from its work, and is told")
    func different() async throws {
        let lines = Lines()
        let isUpdate = { (line: String) in line.contains("$JS.API.STREAM.UPDATE.NOTE_EVENTS") }
        try await RuntimeTests.withFleet(isBare: true, violations: isUpdate) { fleet in
            let jetStream = await JetStream(fleet.client)
            _ = try await StreamPlan(fleet.contracts).apply(to: jetStream)
            var other = StreamConfiguration(try #require(fleet.contracts.stream(named: "NOTE_EVENTS")))
            other.maximumAge += .seconds(60)
            try await jetStream.ensureStream(other)
            try await fleet.run(RuntimeTests.workers(readers: 1), logger: lines.logger()) {
                #expect(try await RuntimeTests.write(fleet, UUID()).status == 0)
                try await fleet.until("it is read") {
                    try await fleet.sql("SELECT count(*) FROM readers.read") == ["1"]
                }
            }
            #expect(
                lines.contains(
                    "warning the stream NOTE_EVENTS differs from the contract (max_age); as the operator: flotilla streams apply"
                ))
        }
    }

    @Test("a stream that is lost while the workers run is waited for, and their events reach the one that is made then")
    func lost() async throws {
        let isCreation = { (line: String) in line.contains("$JS.API.STREAM.CREATE.NOTE_EVENTS") }
        try await RuntimeTests.withFleet(violations: isCreation) { fleet in
            let jetStream = await JetStream(fleet.client)
            #expect(try await jetStream.deleteStream("NOTE_EVENTS"))
            #expect(try await RuntimeTests.write(fleet, UUID()).status == 0)
            _ = try await StreamPlan(fleet.contracts).apply(to: jetStream)
            try await fleet.until("it is read", within: .seconds(30)) {
                try await fleet.sql("SELECT count(*) FROM readers.read") == ["1"]
            }
        }
    }
}
