import Contracts
import FleetTesting
import Foundation
import JSON
import LocalServers
import NATS
import Postgres
import Testing

@testable import Worker

/// Two workers made for these tests: `notes` appends events, `readers` consumes them.
@Suite("The worker runtime")
struct RuntimeTests {
    private static let contracts = """
        worker: notes
        version: 1.0.0
        description: Takes notes.
        endpoints:
          - subject: notes.write
            description: Writes one more version of a note.
            access: customer
            idempotency: accepted
            timeout: 2s
            request:
              type: object
              required: [id, text]
              properties:
                id: { type: string, format: uuid }
                text: { type: string, maxLength: 100 }
            reply: { type: object, required: [version], properties: { version: { type: integer } } }
          - subject: notes.slow
            description: Takes its time.
            access: internal
            timeout: 5s
            request: { type: object, required: [ms], properties: { ms: { type: integer, minimum: 0, maximum: 5000 } } }
            reply: { type: object, required: [ms], properties: { ms: { type: integer } } }
        stream:
          name: NOTE_EVENTS
          prefix: note-events
          aggregate: note
          partitions: 2
          retention: 1d
          events:
            NOTE_WRITTEN:
              description: A note was written.
              payload: { type: object, required: [text], properties: { text: { type: string } } }
        """
    private static let readerContract = """
        worker: readers
        version: 1.0.0
        description: Reads notes.
        endpoints:
          - subject: readers.count
            description: How many it has read.
            access: internal
        consumes:
          NOTE_EVENTS: all
        """

    static func withFleet<T: Sendable>(
        readers: Int = 1, isBare: Bool = false, violations: (String) -> Bool = { _ in false },
        _ body: @escaping @Sendable (TestFleet) async throws -> T
    ) async throws -> T {
        let directory = try TestServers.directory()
        try FileManager.default.createDirectory(atPath: "\(directory)/readers", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(directory)/notes", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: try Home.find() + "/migrations/runtime", toPath: "\(directory)/runtime")
        try "CREATE TABLE notes (id uuid PRIMARY KEY, version bigint NOT NULL, text text NOT NULL);"
            .write(toFile: "\(directory)/notes/0001_notes.sql", atomically: true, encoding: .utf8)
        try "CREATE TABLE read (place bigserial PRIMARY KEY, id uuid NOT NULL, version bigint NOT NULL);"
            .write(toFile: "\(directory)/readers/0001_read.sql", atomically: true, encoding: .utf8)
        let contracts = try ContractSet.read([
            ContractSource(name: "notes.yaml", text: contracts),
            ContractSource(name: "readers.yaml", text: readerContract),
        ])
        return try await TestFleet.run(
            workers(readers: readers), contracts: contracts, migrations: directory, isBare: isBare,
            violations: violations, body)
    }

    static func workers(readers: Int) -> [Worker] { [notes] + Array(repeating: self.readers, count: readers) }

    private static let notes = Worker(
        "notes",
        endpoints: [
            Endpoint("notes.write") { fields in
                (id: fields.uuid("id"), text: fields.string("text"))
            } _: { request, context in
                try await context.retryingConflicts {
                    let row = try await context.query("SELECT version FROM notes WHERE id = $1", .uuid(request.id))
                        .first
                    let version = try (row?.int(0) ?? 0) + 1
                    let reply = Reply.object { $0.field("version", version) }
                    try await context.commit(
                        [
                            Query(
                                """
                                INSERT INTO notes VALUES ($1, $2, $3)
                                ON CONFLICT (id) DO UPDATE SET version = $2, text = $3
                                """, .uuid(request.id), .int(version), .text(request.text))
                        ],
                        events: [
                            NewEvent("NOTE_WRITTEN", of: request.id, version: version) {
                                $0.field("text", request.text)
                            }
                        ],
                        reply: reply)
                    return reply
                }
            },
            Endpoint("notes.slow") {
                $0.integer("ms", in: 0...5_000)
            } _: { ms, context in
                _ = try await context.query("INSERT INTO notes VALUES (gen_random_uuid(), 1, 'begun')")
                try await Reactor.sleep(for: .milliseconds(ms))
                return .object { $0.field("ms", ms) }
            },
        ],
        emits: ["NOTE_WRITTEN"])

    /// Fails for ever on a note that says "poison", and twice on one that says "stumble".
    private static let readers = Worker(
        "readers",
        endpoints: [
            Endpoint("readers.count") { (_: inout Fields) in
            } _: { _, context in
                let rows = try await context.query("SELECT count(*) FROM read")
                return .object { $0.field("count", (try? rows[0].int(0)) ?? -1) }
            }
        ],
        consumers: [
            EventConsumer("NOTE_EVENTS") { event, effects in
                let text = try event.read { $0.string("text") }
                if text == "poison" { throw MalformedEvent(description: "cannot be read") }
                if text == "stumble" {
                    let tries = try await effects.query(
                        "SELECT deliveries FROM deliveries WHERE aggregate_id = $1", .uuid(event.aggregateId))
                    if try tries.first?.int(0) ?? 0 < 2 { throw Stumble() }
                }
                _ = try await effects.query(
                    "INSERT INTO read (id, version) VALUES ($1, $2)", .uuid(event.aggregateId), .int(event.version))
            }
        ])

    private struct Stumble: Error {}

    static func write(_ fleet: TestFleet, _ id: UUID, _ text: String = "x") async throws -> TestFleet.Answer {
        try await fleet.call("notes.write", #"{"id": "\#(id.uuidString)", "text": "\#(text)"}"#)
    }

    @Test("every event has its effect once and in order, on three instances, under concurrent commands")
    func exactlyOnceInOrder() async throws {
        try await Self.withFleet(readers: 3) { fleet in
            let ids = (0..<10).map { _ in UUID() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<10 {
                    for id in ids {
                        group.addTask {
                            // Ten commands on one note at once: some are told to come back, and do.
                            try await fleet.until("it is written") {
                                let status = try await Self.write(fleet, id, "\(round)").status
                                #expect(status == 0 || status == 503)
                                return status == 0
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await fleet.until("all is read") { try await fleet.sql("SELECT count(*) FROM readers.read") == ["100"] }
            let disorder = """
                SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY id ORDER BY place) AS wanted
                                      FROM readers.read) r WHERE version <> wanted
                """
            #expect(try await fleet.sql(disorder) == ["0"])
        }
    }

    @Test("an event that is published again, without a message id, changes nothing")
    func duplicates() async throws {
        try await Self.withFleet { fleet in
            let id = UUID()
            for _ in 0..<3 { _ = try await Self.write(fleet, id) }
            try await fleet.until("all is read") { try await fleet.sql("SELECT count(*) FROM readers.read") == ["3"] }
            let stream = try #require(fleet.contracts.stream(named: "NOTE_EVENTS"))
            for version in [2, 1, 3, 3] {
                try await fleet.client.publish(
                    stream.subject(aggregateId: id, type: "NOTE_WRITTEN"),
                    headers: [
                        ("ce-id", UUID().uuidString.lowercased()), ("ce-type", "NOTE_WRITTEN"),
                        ("ce-subject", id.uuidString.lowercased()), ("ce-sequence", "\(version)"),
                        ("ce-time", "2026-01-01T00:00:00Z"),
                    ],
                    body: Array(
                        #"{"eventType": "NOTE_WRITTEN", "text": "again", "timestamp": "2026-01-01T00:00:00Z"}"#.utf8))
            }
            _ = try await Self.write(fleet, id)
            try await fleet.until("the next one is read") {
                try await fleet.sql("SELECT count(*) FROM readers.read") == ["4"]
            }
            #expect(
                try await fleet.sql("SELECT string_agg(version::text, ' ' ORDER BY place) FROM readers.read") == [
                    "1 2 3 4"
                ])
        }
    }

    @Test("a poison event becomes a dead letter with body, headers and error; its neighbours and successors go on")
    func poison() async throws {
        try await Self.withFleet { fleet in
            let (bad, good) = (UUID(), UUID())
            for text in ["a", "poison", "b"] { _ = try await Self.write(fleet, bad, text) }
            for _ in 0..<3 { _ = try await Self.write(fleet, good) }
            try await fleet.until("the others are read") {
                try await fleet.sql("SELECT count(*) FROM readers.read") == ["5"]
            }
            let letters = try await fleet.sql(
                "SELECT aggregate_id || ' ' || version || ' ' || error || ' ' || (headers->>'ce-type') || ' ' || (convert_from(body, 'UTF8')::json->>'text') FROM readers.dead_letters"
            )
            #expect(letters == ["\(bad.uuidString.lowercased()) 2 cannot be read NOTE_WRITTEN poison"])
        }
    }

    @Test("replies under idempotency keys are forgotten after two days, younger ones are not")
    func forgetsKeys() async throws {
        try await Self.withFleet { fleet in
            _ = try await fleet.sql(
                """
                INSERT INTO notes.idempotency_keys (scope, key, fingerprint, status, body, created_at)
                SELECT 'a', n::text, '', 0, '', now() - n * interval '1 hour' FROM generate_series(46, 50, 4) n
                """)
            _ = try await fleet.sql("SET search_path TO notes; " + IdempotencyScope.forget.sql)
            #expect(try await fleet.sql("SELECT key FROM notes.idempotency_keys WHERE scope = 'a'") == ["46"])
        }
    }

    @Test("an event whose publisher died is published by the sweep")
    func sweep() async throws {
        try await Self.withFleet { fleet in
            let id = UUID().uuidString.lowercased()
            _ = try await fleet.sql(
                """
                INSERT INTO notes.events (event_id, aggregate, aggregate_id, version, type, payload, created_at)
                VALUES (gen_random_uuid(), 'note', '\(id)', 1, 'NOTE_WRITTEN', '{"eventType": "NOTE_WRITTEN", "text": "left", "timestamp": "2026-01-01T00:00:00Z"}', now() - interval '1 minute')
                """)
            try await fleet.until("it is read") { try await fleet.sql("SELECT count(*) FROM readers.read") == ["1"] }
            try await fleet.until("it is marked") {
                try await fleet.sql("SELECT count(*) FROM notes.events WHERE published_at IS NULL") == ["0"]
            }
        }
    }

    @Test("events committed while the broker is away reach their consumers once it is back")
    func brokerAway() async throws {
        try await Self.withFleet { fleet in
            let id = UUID()
            _ = try await Self.write(fleet, id)
            try await fleet.until("the first is read") {
                try await fleet.sql("SELECT count(*) FROM readers.read") == ["1"]
            }
            await fleet.nats.kill()
            _ = try await fleet.sql(
                """
                INSERT INTO notes.events (event_id, aggregate, aggregate_id, version, type, payload)
                VALUES (gen_random_uuid(), 'note', '\(id.uuidString)', 2, 'NOTE_WRITTEN', '{"eventType": "NOTE_WRITTEN", "text": "x", "timestamp": "2026-01-01T00:00:00Z"}');
                UPDATE notes.notes SET version = 2
                """)
            try await fleet.nats.restart()
            try await fleet.until("the second is read", within: .seconds(30)) {
                try await fleet.sql("SELECT count(*) FROM readers.read") == ["2"]
            }
            try await fleet.until("requests are answered again") {
                do { return try await Self.write(fleet, id).status == 0 } catch { return false }
            }
        }
    }

    @Test("a request that is past its deadline is not answered and not carried out")
    func deadline() async throws {
        try await Self.withFleet { fleet in
            let body = Array(#"{"id": "\#(UUID().uuidString)", "text": "late"}"#.utf8)
            await #expect(throws: NATSError.self) {
                _ = try await fleet.client.request(
                    "notes.write", headers: [("Flotilla-Deadline", "1000")], body: body, timeout: .milliseconds(300))
            }
            let written = try await fleet.sql("SELECT count(*) FROM notes.notes")
            #expect(written == ["0"])
        }
    }

    @Test("PING, INFO and STATS answer as the service protocol says, for all, by name and by id")
    func discovery() async throws {
        try await Self.withFleet(readers: 2) { fleet in
            func ask(_ subject: String) async throws -> [JSONValue] {
                try await fleet.client.requestMany(subject, for: .seconds(2), quiet: .milliseconds(300)).map {
                    try JSONReader.parse($0.body)
                }
            }
            let pings = try await ask("$SRV.PING")
            #expect(pings.compactMap { $0["name"]?.string }.sorted() == ["notes", "readers", "readers"])
            #expect(
                pings.allSatisfy {
                    $0["type"]?.string == "io.nats.micro.v1.ping_response" && $0["metadata"]?.object != nil
                })
            let id = try #require(pings.first { $0["name"]?.string == "notes" }?["id"]?.string)
            #expect(try await ask("$SRV.PING.readers").count == 2)
            let info = try await ask("$SRV.INFO.notes.\(id)")
            #expect(info.count == 1)
            #expect(info[0]["endpoints"]?.array?.compactMap { $0["subject"]?.string } == ["notes.write", "notes.slow"])
            #expect(info[0]["endpoints"]?.array?.first?["queue_group"]?.string == "q")
            _ = try await Self.write(fleet, UUID())
            _ = try await fleet.call("notes.write", "{}")
            let stats = try await ask("$SRV.STATS.notes")[0]["endpoints"]?.array?.first
            #expect(stats?["num_requests"]?.int64 == 2)
            #expect(stats?["num_errors"]?.int64 == 1)
            #expect(stats?["last_error"]?.string?.hasPrefix("400") == true)
        }
    }

    @Test("a drain answers what is under way")
    func drain() async throws {
        let answer = try await Self.withFleet { fleet in
            let slow = Task { try await fleet.call("notes.slow", #"{"ms": 1000}"#) }
            try await fleet.until("it is under way") {
                try await fleet.sql("SELECT count(*) FROM notes.notes") == ["1"]
            }
            return slow
        }.value
        #expect(answer.body["ms"]?.int64 == 1_000)
    }
}
