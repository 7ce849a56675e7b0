/// What one request does to the ledger, gathered in ``changes`` and not yet applied: a request that is refused
/// half-way, or cannot be journalled, leaves no trace.
struct LedgerTransaction {
    let ledger: Ledger
    let rendering: Rendering
    /// Seconds since 1970.
    let now: Int64
    var requestId: String?
    var idempotencyKey: String?
    private(set) var changes = Changes()

    init(ledger: Ledger, rendering: Rendering, now: Int64, requestId: String? = nil, idempotencyKey: String? = nil) {
        self.ledger = ledger
        self.rendering = rendering
        self.now = now
        self.requestId = requestId
        self.idempotencyKey = idempotencyKey
    }

    // MARK: Reading what this transaction sees

    func intent(_ id: String, status: Int = 404, param: String = "intent") throws(APIFailure) -> IntentRecord {
        guard let intent = changes.intents.last(where: { $0.id == id }) ?? ledger.intents[id] else {
            throw .noSuch("payment_intent", id, param: param, status: status)
        }
        return intent
    }

    func charge(_ id: String) -> ChargeRecord? {
        changes.charges.last { $0.id == id } ?? ledger.charges[id]
    }

    // MARK: Writing

    mutating func put(_ intent: IntentRecord) {
        changes.intents.removeAll { $0.id == intent.id }
        changes.intents.append(intent)
    }

    mutating func put(_ charge: ChargeRecord) {
        changes.charges.removeAll { $0.id == charge.id }
        changes.charges.append(charge)
    }

    mutating func put(_ refund: RefundRecord) {
        changes.refunds.removeAll { $0.id == refund.id }
        changes.refunds.append(refund)
    }

    mutating func put(_ dispute: DisputeRecord) {
        changes.disputes.removeAll { $0.id == dispute.id }
        changes.disputes.append(dispute)
    }

    mutating func record(_ answer: APIAnswer, call: APICall, key: String) {
        changes.idempotency.append(
            IdempotencyRecord(
                key: key, fingerprint: call.fingerprint, path: call.path, created: now, status: answer.status,
                body: answer.body, requestId: call.requestId))
    }

    mutating func emit(_ type: String, _ object: JSONValue) {
        changes.events.append(
            EventRecord(
                id: Identifier.make("evt_"), type: type, created: now, object: object.text, requestId: requestId,
                idempotencyKey: idempotencyKey))
    }

    mutating func emit(_ type: String, _ intent: IntentRecord) {
        emit(type, rendering.intent(intent))
    }
}
