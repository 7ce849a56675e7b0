import Contracts
import FleetTesting
import Inventory
import JSON
import NATS
import Payments
import StripeTesting
import Testing

/// Every refusal that the contracts of orders, inventory and payments declare.
@Suite("Refusals")
struct RefusalTests {
    @Test("each is what its contract says, and nothing half-done remains: every table and Stripe are as before")
    func table() async throws {
        let patient = InventorySettings(holdsPerCustomer: Stage.holdsPerCustomer)
        try await Market.run(inventory: patient, Self.configure) { market in
            let stage = try await Stage(market)
            let tables = try await StateSnapshot.tables(market.fleet)
            var table = PrintedTable(["endpoint", "refusal", "status", "what changed"])
            var provoked: Set<String> = []
            try await market.quiet()
            var before = try await StateSnapshot.take(of: tables, market)
            for provocation in provocations(stage, market) {
                let answer = try await ask(provocation, market)
                if !provocation.records.isEmpty { try await market.quiet() }
                let after = try await StateSnapshot.take(of: tables, market)
                let changed = after.changes(since: before)
                let name = "\(provocation.subject) \(provocation.problem)"
                #expect(
                    answer.body["type"]?.string == "urn:flotilla:problem:\(provocation.problem)",
                    "\(name): \(answer.body)")
                #expect(answer.status == status(of: provocation, market), "\(name)")
                #expect(provocation.records.isSuperset(of: changed), "\(name) changed \(changed)")
                table.add([
                    provocation.subject, provocation.problem, "\(answer.status)",
                    changed.isEmpty ? "nothing" : changed.joined(separator: " "),
                ])
                provoked.insert(name)
                before = after
            }
            print(table.text)
            for endpoint in endpoints(market) {
                for error in endpoint.errors where !provoked.contains("\(endpoint.subject) \(error.type)") {
                    #expect(
                        Provocation.isBeyondReach(error.type, at: endpoint) != nil,
                        "nothing here provokes \(error.type) of \(endpoint.subject)")
                }
            }
        }
    }

    /// Nothing periodic happens while states are compared, and a decline does not end its order.
    private static func configure(_ settings: inout PaymentsSettings) {
        settings.maxAttempts = 5
        settings.checkAfter = .seconds(3_600)
        settings.actionCheckAfter = .seconds(3_600)
    }

    private func endpoints(_ market: Market) -> [EndpointContract] {
        market.fleet.contracts.contracts.filter { StateSnapshot.schemas.contains($0.name) }.flatMap(\.endpoints)
    }

    private func provocations(_ stage: Stage, _ market: Market) -> [Provocation] {
        let reused = stage.requestsUnderKeys.map {
            Provocation(
                $0.subject, "idempotency-key-reused", $0.otherBody, by: $0.actor, key: Stage.usedKey($0.subject))
        }
        return endpoints(market).flatMap(Provocation.common) + reused + stage.orderProvocations
            + stage.inventoryProvocations + stage.paymentProvocations + stage.recordedProvocations
    }

    private func status(of provocation: Provocation, _ market: Market) -> Int? {
        market.fleet.contracts.endpoint(subject: provocation.subject)?.errors
            .first { $0.type == provocation.problem }?.status
    }

    private func ask(_ provocation: Provocation, _ market: Market) async throws -> TestFleet.Answer {
        if let fault = provocation.fault { try await market.stripe.faults(fault) }
        return try await market.fleet.call(
            provocation.subject, provocation.body, actor: provocation.actor, key: provocation.key,
            headers: provocation.signature.map { [("Stripe-Signature", $0)] } ?? [])
    }
}
