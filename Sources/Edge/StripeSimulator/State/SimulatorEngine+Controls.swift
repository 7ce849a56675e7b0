extension SimulatorEngine {
    func setFaults(_ request: FaultRequest) throws(APIFailure) {
        faults = try request.apply(to: faults)
    }

    var faultsJSON: JSONValue {
        let rules = faults.rules.map { rule -> JSONValue in
            let kind: (String, JSONValue) =
                switch rule.failure {
                case .status(let status): ("status", .int(Int64(status)))
                case .drop: ("drop", true)
                case .hold: ("hold", true)
                }
            return .object([
                kind, ("count", .int(Int64(rule.count))), ("afterEffect", .bool(rule.afterEffect)),
                ("recorded", .bool(rule.isRecorded)), ("method", JSONValue(rule.method)),
                ("path", JSONValue(rule.path)),
            ])
        }
        return ["latencyMs": .int(Int64(faults.latencyMs)), "rules": .array(rules)]
    }

    /// The money as Stripe has it. `ordersChargedTwice` names every `order_id` that more than one intent took money
    /// for.
    var ledgerJSON: JSONValue {
        var captured: [String: Int64] = [:]
        var refunded: [String: Int64] = [:]
        var chargesByOrder: [String: Int] = [:]
        var rows: [JSONValue] = []
        for intent in ledger.intentOrder.ids.lazy.compactMap({ self.ledger.intents[$0] }) {
            let charge = intent.latestCharge.flatMap { ledger.charges[$0] }
            let taken = charge?.amountCaptured ?? 0
            let returned = charge?.amountRefunded ?? 0
            captured[intent.currency, default: 0] += taken
            refunded[intent.currency, default: 0] += returned
            let order = intent.metadata["order_id"]
            if let order, taken > 0 { chargesByOrder[order, default: 0] += 1 }
            rows.append([
                "id": .string(intent.id), "orderId": JSONValue(order),
                "paymentId": JSONValue(intent.metadata["payment_id"]), "amount": .int(intent.amount),
                "currency": .string(intent.currency), "captured": .int(taken), "refunded": .int(returned),
                "status": .string(intent.status.rawValue),
                "dispute": JSONValue(charge.flatMap { ledger.dispute(charge: $0.id) }?.status.rawValue),
            ])
        }
        let twice = chargesByOrder.filter { $0.value > 1 }.keys.sorted()
        return [
            "captured": Self.sums(captured), "refunded": Self.sums(refunded),
            "ordersChargedTwice": .array(twice.map { .string($0) }), "intents": .array(rows),
        ]
    }

    /// - Throws: when the intent does not wait for 3-D Secure.
    func authenticate(_ id: String, succeeded: Bool) async throws(APIFailure) -> IntentRecord {
        var transaction = transaction()
        let intent = try transaction.authenticate(id, succeeded: succeeded)
        try await commit(transaction.changes)
        return intent
    }

    func intent(_ id: String) -> IntentRecord? { ledger.intents[id] }

    private static func sums(_ sums: [String: Int64]) -> JSONValue {
        .object(sums.filter { $0.value != 0 }.sorted(by: { $0.key < $1.key }).map { ($0.key, .int($0.value)) })
    }
}
