import FoundationEssentials
import Stripe
import Testing

@testable import StripeSimulator

@Suite("The state file")
struct PersistenceTests {
    /// A path in a new directory that is removed afterwards.
    private func withFile(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/stripe-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory + "/stripe.jsonl")
    }

    private func append(_ text: String, to path: String) throws {
        var data = try Data(contentsOf: URL(filePath: path))
        data.append(contentsOf: text.utf8)
        try data.write(to: URL(filePath: path))
    }

    private func lines(_ path: String) throws -> Int {
        try Data(contentsOf: URL(filePath: path)).count { $0 == UInt8(ascii: "\n") }
    }

    private func journal(_ path: String, into ledger: Ledger = Ledger()) throws -> Journal {
        try Journal(path: path, into: ledger, now: 0)
    }

    @Test("brings intents, refunds, keys and events back after a restart")
    func reload() async throws {
        try await withFile { file in
            let (paid, waiting, events) = try await SimulatorHarness.run(configure: { $0.stateFile = file }) {
                harness in
                let paid = try await harness.pay("pm_card_visa", key: "k")
                let waiting = try await harness.pay("pm_card_authenticationRequired", order: "order-2")
                _ = try await harness.client.createRefund(
                    .init(paymentIntent: paid.id, amount: 999), idempotencyKey: "r", deadline: harness.soon)
                return (paid, waiting, try await harness.client.listEvents(deadline: harness.soon).elements)
            }
            try await SimulatorHarness.run(configure: { $0.stateFile = file }) { harness in
                let ledger = try await harness.ledger()
                #expect(ledger.captured == ["eur": 1999] && ledger.refunded == ["eur": 999])
                #expect(ledger.intents.map(\.id) == [paid.id, waiting.id])
                #expect(try await harness.pay("pm_card_visa", key: "k") == paid)
                #expect(try await harness.client.listEvents(deadline: harness.soon).elements == events)
                let found = try await harness.client.searchPaymentIntents(
                    metadata: ["order_id": "order-2"], deadline: harness.soon)
                #expect(found.elements.map(\.id) == [waiting.id])
                #expect(try await harness.http.post("/3ds/\(waiting.id)/complete").status == 200)
                #expect(try await harness.ledger().captured == ["eur": 3998])
            }
        }
    }

    @Test("delivers after a restart what was not delivered before")
    func webhooks() async throws {
        try await withFile { file in
            let intent = try await SimulatorHarness.run(
                configure: {
                    $0.stateFile = file
                    // Nobody listens on the discard port.
                    $0.webhookURL = "http://127.0.0.1:9/"
                }
            ) { try await $0.pay("pm_card_visa") }
            try await WebhookReceiver.run { receiver, hook in
                try await SimulatorHarness.run(
                    configure: {
                        $0.stateFile = file
                        $0.webhookURL = hook
                    }
                ) { _ in
                    let events = await receiver.wait(for: "payment_intent.succeeded")
                    #expect(events.first?.paymentIntentId == intent.id)
                }
            }
        }
    }

    @Test("lets slow banks answer after a restart")
    func settlements() async throws {
        try await withFile { file in
            let intent = try await SimulatorHarness.run(
                configure: {
                    $0.stateFile = file
                    $0.settlementDelay = .seconds(600)
                }
            ) { try await $0.pay("pm_usBankAccount_success") }
            try await SimulatorHarness.run(
                configure: {
                    $0.stateFile = file
                    $0.settlementDelay = .milliseconds(1)
                }
            ) { harness async throws in
                #expect(
                    try await eventually {
                        try await harness.client.retrievePaymentIntent(intent.id, deadline: harness.soon).status
                            == .succeeded
                    })
            }
        }
    }

    @Test("loses only a last line that was torn", arguments: [#"{"intents":[{"id":"pi_"#, "{}x\n", "\u{0}\u{0}\u{0}"])
    func torn(_ tail: String) async throws {
        try await withFile { file in
            let first = try await SimulatorHarness.run(configure: { $0.stateFile = file }) {
                try await $0.pay("pm_card_visa", key: "a")
            }
            try append(tail, to: file)
            let second = try await SimulatorHarness.run(configure: { $0.stateFile = file }) {
                try await $0.pay("pm_card_visa", order: "order-2", key: "b")
            }
            try await SimulatorHarness.run(configure: { $0.stateFile = file }) { harness async throws in
                #expect(try await harness.ledger().intents.map(\.id) == [first.id, second.id])
            }
        }
    }

    @Test("that is something else is refused, and left alone")
    func foreign() async throws {
        try await withFile { file in
            try Data("hello\nworld\n".utf8).write(to: URL(filePath: file))
            let error = await failure(StripeSimulatorError.self) {
                try await SimulatorHarness.run(configure: { $0.stateFile = file }) { _ in }
            }
            #expect(error?.description.hasSuffix("stripe.jsonl line 1 is not a line of this journal") == true)
            #expect(try Data(contentsOf: URL(filePath: file)) == Data("hello\nworld\n".utf8))
        }
    }

    @Test("belongs to one simulator at a time, and must be openable")
    func locked() async throws {
        try await withFile { file in
            let held = try journal(file)
            let second = await failure(StripeSimulatorError.self) { _ = try journal(file) }
            #expect(second?.description.hasSuffix("is in use by another simulator") == true)
            withExtendedLifetime(held) {}
            let absent = await failure(StripeSimulatorError.self) { _ = try journal("/nowhere/at/all") }
            #expect(absent?.description.contains("cannot be opened") == true)
        }
    }

    @Test("is written anew when most of its lines are superfluous")
    func compaction() async throws {
        try await withFile { file in
            do {
                let journal = try journal(file)
                var intent = IntentRecord(
                    id: "pi_1", amount: 1, currency: "eur", machine: .init(capturesManually: false), clientSecret: "",
                    created: 1, paymentMethodTypes: [])
                for amount in 1...1_500 {
                    intent.amount = Int64(amount)
                    try journal.append(Changes(intents: [intent]))
                }
            }
            #expect(try lines(file) == 1_500)
            do {
                let ledger = Ledger()
                let reopened = try journal(file, into: ledger)
                #expect(ledger.intents["pi_1"]?.amount == 1_500)
                #expect(try lines(file) == 1)
                try reopened.append(Changes(delivered: ["evt_1"]))
            }
            let ledger = Ledger()
            _ = try journal(file, into: ledger)
            #expect(ledger.intents["pi_1"]?.amount == 1_500)
            #expect(try lines(file) == 2)
        }
    }

    @Test("that cannot be written makes the request fail without an effect")
    func full() async throws {
        try await SimulatorHarness.run(configure: { $0.stateFile = "/dev/full" }) { harness in
            let answer = try await harness.http.post("/v1/payment_intents", "amount=500&currency=eur")
            #expect(try answer.status == 500 && answer.error.type == "api_error")
            #expect(try await harness.ledger().intents.isEmpty)
        }
    }
}
