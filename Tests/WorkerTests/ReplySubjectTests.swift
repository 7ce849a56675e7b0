import FleetTesting
import Foundation
import NATS
import Streams
import Synchronization
import Testing

@testable import Worker

@Suite("reply subjects")
struct ReplySubjectTests {
    /// Subjects that somebody heard.
    private final class Heard: Sendable {
        private let subjects = Mutex<[String]>([])
        func add(_ subject: String) { subjects.withLock { $0.append(subject) } }
        var all: [String] { subjects.withLock { $0 } }
    }

    private func body(_ text: String) -> [UInt8] {
        Array(#"{"id": "\#(UUID().uuidString)", "text": "\#(text)"}"#.utf8)
    }

    @Reactor
    @Test(
        "a request is carried out and answered only when its reply goes to an inbox; others make the worker no deputy")
    func inboxes() async throws {
        try await RuntimeTests.withFleet { @Reactor fleet in
            let heard = Heard()
            let inboxes = ["_INBOX.a.b", "_INBOX_somebody.a"]
            let others = [
                "readers.count", "_INBOXES.a", "INBOX.a", "somewhere", "_INBO", "note-events.0.x.NOTE_WRITTEN",
            ]
            for subject in inboxes + others { try fleet.client.subscribe(subject) { heard.add($0.subject) } }
            for subject in others {
                for request in ["notes.write", "$SRV.PING", "$SRV.INFO.notes"] {
                    try fleet.client.publish(request, reply: subject, body: body("bad"))
                }
            }
            for subject in inboxes { try fleet.client.publish("notes.write", reply: subject, body: body("good")) }
            try await fleet.until("inboxes are answered") { Set(inboxes).isSubset(of: heard.all) }
            // Behind all of them: one instance takes its requests in their order.
            #expect(try await RuntimeTests.write(fleet, UUID(), "last").status == 0)
            _ = try await fleet.client.request("$SRV.PING.notes", body: [], timeout: .seconds(5))
            #expect(heard.all.sorted() == inboxes)
            #expect(try await fleet.sql("SELECT DISTINCT text FROM notes.notes ORDER BY text") == ["good", "last"])
        }
    }

    @Reactor
    @Test("a message without a reply subject is carried out; an event that JetStream delivers to an endpoint is not")
    func deliveries() async throws {
        try await RuntimeTests.withFleet { @Reactor fleet in
            let jetStream = JetStream(fleet.client)
            try await jetStream.ensureStream(StreamConfiguration(name: "PLANTED", subjects: ["planted"]))
            try await jetStream.ensureConsumer(ConsumerConfiguration(stream: "PLANTED", name: "planted"))
            _ = try await jetStream.publish("planted", body: body("planted"))
            try fleet.client.publish("$JS.API.CONSUMER.MSG.NEXT.PLANTED.planted", reply: "notes.write", body: [])
            try await fleet.until("it was delivered") {
                try await jetStream.consumerInformation(stream: "PLANTED", consumer: "planted")?
                    .deliveredStreamSequence == 1
            }
            try fleet.client.publish("notes.write", body: body("silent"))
            try await fleet.until("the silent one is there") {
                try await !fleet.sql("SELECT text FROM notes.notes").isEmpty
            }
            #expect(try await fleet.sql("SELECT text FROM notes.notes") == ["silent"])
        }
    }
}
