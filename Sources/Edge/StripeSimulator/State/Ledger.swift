/// Everything the simulator knows, in memory. Owned by one actor; changed only by ``apply(_:)``.
///
/// Intents, charges, refunds and disputes are kept for ever: together they are the oracle of a test run. Events and idempotency
/// keys are bounded.
final class Ledger {
    private(set) var intents: [String: IntentRecord] = [:]
    private(set) var charges: [String: ChargeRecord] = [:]
    private(set) var refunds: [String: RefundRecord] = [:]
    private(set) var disputes: [String: DisputeRecord] = [:]
    private(set) var events: [String: EventRecord] = [:]
    private(set) var idempotency: [String: IdempotencyRecord] = [:]
    /// Ids in the order of creation.
    private(set) var intentOrder = CreationOrder()
    private(set) var chargeOrder = CreationOrder()
    private(set) var refundOrder = CreationOrder()
    private(set) var disputeOrder = CreationOrder()
    private(set) var eventOrder = CreationOrder()
    private var keyOrder: ArraySlice<String> = []
    /// Ids of intents by `key=value` of their metadata.
    private var intentsByMetadata: [String: [String]] = [:]
    private var refundsByCharge: [String: [String]] = [:]
    private var disputeByCharge: [String: String] = [:]
    /// Events whose delivery has not ended.
    private(set) var undelivered: Set<String> = []

    static let eventLimit = 5_000
    static let keyLimit = 200_000
    /// Stripe forgets a key after 24 hours.
    static let keyLifetimeSeconds: Int64 = 24 * 3600

    func apply(_ changes: Changes) {
        for intent in changes.intents {
            let old = intents.updateValue(intent, forKey: intent.id)
            if old == nil { intentOrder.append(intent.id) }
            if old?.metadata != intent.metadata { index(intent, replacing: old) }
        }
        for charge in changes.charges where charges.updateValue(charge, forKey: charge.id) == nil {
            chargeOrder.append(charge.id)
        }
        for refund in changes.refunds where refunds.updateValue(refund, forKey: refund.id) == nil {
            refundOrder.append(refund.id)
            refundsByCharge[refund.charge, default: []].append(refund.id)
        }
        for dispute in changes.disputes where disputes.updateValue(dispute, forKey: dispute.id) == nil {
            disputeOrder.append(dispute.id)
            disputeByCharge[dispute.charge] = dispute.id
        }
        for event in changes.events where events.updateValue(event, forKey: event.id) == nil {
            eventOrder.append(event.id)
            undelivered.insert(event.id)
        }
        for record in changes.idempotency where idempotency.updateValue(record, forKey: record.key) == nil {
            keyOrder.append(record.key)
        }
        undelivered.subtract(changes.delivered)
        trim()
    }

    /// The record of `key` while it is young enough.
    func idempotency(_ key: String, now: Int64) -> IdempotencyRecord? {
        idempotency[key].flatMap { now - $0.created < Self.keyLifetimeSeconds ? $0 : nil }
    }

    func intents(metadata key: String, _ value: String) -> [IntentRecord] {
        (intentsByMetadata[Self.indexKey(key, value)] ?? []).compactMap { intents[$0] }
    }

    func refunds(charge: String) -> [RefundRecord] {
        (refundsByCharge[charge] ?? []).compactMap { refunds[$0] }
    }

    func dispute(charge: String) -> DisputeRecord? { disputeByCharge[charge].flatMap { disputes[$0] } }

    /// All that has to be kept, as changes to an empty ledger, in portions.
    func snapshot(now: Int64) -> [Changes] {
        var portions: [Changes] = []
        portions += intentOrder.ids.compactMap { intents[$0] }.map { Changes(intents: [$0]) }
        portions += chargeOrder.ids.compactMap { charges[$0] }.map { Changes(charges: [$0]) }
        portions += refundOrder.ids.compactMap { refunds[$0] }.map { Changes(refunds: [$0]) }
        portions += disputeOrder.ids.compactMap { disputes[$0] }.map { Changes(disputes: [$0]) }
        portions += eventOrder.ids.compactMap { events[$0] }.map { event in
            Changes(events: [event], delivered: undelivered.contains(event.id) ? [] : [event.id])
        }
        portions += keyOrder.compactMap { idempotency($0, now: now) }.map { Changes(idempotency: [$0]) }
        return portions
    }

    private func trim() {
        while events.count > Self.eventLimit, let oldest = eventOrder.removeFirst() {
            events[oldest] = nil
            undelivered.remove(oldest)
        }
        while keyOrder.count > Self.keyLimit, let oldest = keyOrder.popFirst() { idempotency[oldest] = nil }
    }

    private func index(_ intent: IntentRecord, replacing old: IntentRecord?) {
        for (key, value) in old?.metadata ?? [:] {
            intentsByMetadata[Self.indexKey(key, value)]?.removeAll { $0 == intent.id }
        }
        for (key, value) in intent.metadata {
            intentsByMetadata[Self.indexKey(key, value), default: []].append(intent.id)
        }
    }

    private static func indexKey(_ key: String, _ value: String) -> String { "\(key)\u{0}\(value)" }
}
