import FoundationEssentials
import Logging

/// Owns the ledger: every call is carried out here, one at a time.
actor SimulatorEngine {
    /// A call may be carried out, or is answered without.
    enum Admission: Sendable {
        case proceed
        case answer(APIAnswer)
    }

    let ledger: Ledger
    var faults = FaultInjector()
    private(set) var rendering = Rendering(baseURL: "")
    private let journal: Journal?
    private let webhooks: WebhookDispatcher
    private let logger: Logger
    private let settlementDelay: Duration
    private let clock: @Sendable () -> Int64
    /// Keys of calls that have no answer yet.
    private var inFlight: Set<String> = []
    private var settlements = DueQueue<Settlement>()
    private let settlementWakeUp = WakeUp()

    enum Settlement: Sendable {
        case intent(String)
        case refund(String)
    }

    init(
        stateFile: String?, webhooks: WebhookDispatcher, settlementDelay: Duration, logger: Logger,
        clock: @escaping @Sendable () -> Int64
    ) throws(StripeSimulatorError) {
        let ledger = Ledger()
        journal = try stateFile.map { path throws(StripeSimulatorError) in
            try Journal(path: path, into: ledger, now: clock())
        }
        self.ledger = ledger
        self.webhooks = webhooks
        self.settlementDelay = settlementDelay
        self.logger = logger
        self.clock = clock
        for case let refund in ledger.refunds.values where refund.settlement != nil {
            settlements.insert(.refund(refund.id), due: .now + settlementDelay)
        }
        for case let intent in ledger.intents.values where intent.status == .processing {
            settlements.insert(.intent(intent.id), due: .now + settlementDelay)
        }
    }

    /// For links to the simulator's own pages.
    func setBaseURL(_ url: String) { rendering.baseURL = url }

    // MARK: Calls

    func nextFault(_ call: APICall) -> (rule: FaultInjector.Rule?, latencyMs: Int) {
        (faults.next(method: call.method, path: call.path), faults.latencyMs)
    }

    /// Looks the idempotency key up, and takes it until ``finish(_:)``.
    func admit(_ call: APICall) -> Admission {
        guard let key = call.idempotencyKey else { return .proceed }
        // An answer may be recorded and still be on its way.
        guard !inFlight.contains(key) else { return .answer(APIFailure.injected(409).answer) }
        if let record = ledger.idempotency(key, now: clock()) { return .answer(replay(record, call)) }
        inFlight.insert(key)
        return .proceed
    }

    /// Carries the call out and records its answer.
    /// - Parameter override: recorded in place of the real answer.
    func execute(_ call: APICall, recording override: APIAnswer? = nil) async -> APIAnswer {
        var transaction = transaction(call.requestId, call.idempotencyKey)
        do throws(APIFailure) {
            let answer = try perform(call, &transaction)
            if let key = call.idempotencyKey, call.operation.hasEffect {
                transaction.record(override ?? answer, call: call, key: key)
            }
            try await commit(transaction.changes)
            return answer
        } catch {
            // Stripe keeps no answer for a request that it refused before doing anything.
            return error.answer
        }
    }

    /// Makes `answer` the first answer under the call's key, without any effect.
    func record(_ answer: APIAnswer, for call: APICall) async {
        guard let key = call.idempotencyKey else { return }
        var transaction = transaction(call.requestId, key)
        transaction.record(answer, call: call, key: key)
        try? await commit(transaction.changes)
    }

    func finish(_ call: APICall) {
        if let key = call.idempotencyKey { inFlight.remove(key) }
    }

    private func perform(_ call: APICall, _ transaction: inout LedgerTransaction) throws(APIFailure) -> APIAnswer {
        switch call.operation {
        case .createIntent: return try transaction.createIntent(call.form)
        case .updateIntent(let id): return try transaction.updateIntent(id, call.form)
        case .confirmIntent(let id): return try transaction.confirmIntent(id, call.form)
        case .cancelIntent(let id): return try transaction.cancelIntent(id, call.form)
        case .captureIntent(let id): return try transaction.captureIntent(id, call.form)
        case .createRefund: return try transaction.createRefund(call.form)
        case .listIntents: return try ledger.listIntents(call.form, rendering)
        case .searchIntents: return try ledger.searchIntents(call.form, rendering)
        case .listRefunds: return try ledger.listRefunds(call.form, rendering)
        case .listEvents: return try ledger.listEvents(call.form, rendering)
        case .updateDispute(let id): return try transaction.updateDispute(id, call.form)
        case .closeDispute(let id): return try transaction.closeDispute(id, call.form)
        case .retrieveDispute(let id): return APIAnswer(rendering.dispute(try transaction.dispute(id)))
        case .listDisputes: return try ledger.listDisputes(call.form, rendering)
        case .listCharges: return try ledger.listCharges(call.form, rendering)
        case .retrieveIntent(let id):
            let intent = try transaction.intent(id)
            let expands = try call.form.list("expand").contains("latest_charge")
            let charge = expands ? intent.latestCharge.flatMap { ledger.charges[$0] } : nil
            return APIAnswer(rendering.intent(intent, expanding: charge))
        case .retrieveRefund(let id):
            guard let refund = ledger.refunds[id] else { throw .noSuch("refund", id, param: "id") }
            return APIAnswer(rendering.refund(refund))
        case .retrieveEvent(let id):
            guard let event = ledger.events[id] else { throw .noSuch("event", id, param: "id") }
            return APIAnswer(rendering.event(event))
        case .retrieveCharge(let id):
            guard let charge = ledger.charges[id] else { throw .noSuch("charge", id, param: "id") }
            return APIAnswer(rendering.charge(charge))
        }
    }

    private func replay(_ record: IdempotencyRecord, _ call: APICall) -> APIAnswer {
        guard record.fingerprint == call.fingerprint else {
            let difference =
                record.path == call.path
                ? "with the same parameters they were first used with"
                : "for the same endpoint they were first used for ('\(call.path)' vs '\(record.path)')"
            return APIFailure(
                type: "idempotency_error",
                message: "Keys for idempotent requests can only be used \(difference). Try using a key other than "
                    + "'\(record.key)' if you meant to execute a different request."
            ).answer
        }
        return APIAnswer(
            status: record.status, body: record.body,
            headers: [("idempotent-replayed", "true"), ("original-request", record.requestId)])
    }

    // MARK: Changes

    func transaction(_ requestId: String? = nil, _ idempotencyKey: String? = nil) -> LedgerTransaction {
        LedgerTransaction(
            ledger: ledger, rendering: rendering, now: clock(), requestId: requestId, idempotencyKey: idempotencyKey)
    }

    /// Journals, applies and announces `changes`; all or nothing.
    func commit(_ changes: Changes) async throws(APIFailure) {
        guard !changes.isEmpty else { return }
        do {
            // A short write to the page cache; not worth a thread of its own in a simulator.
            try journal?.append(changes)
        } catch {
            logger.error("stripe simulator cannot write its state", metadata: ["error": "\(error)"])
            throw APIFailure(status: 500, type: "api_error", message: "The simulator cannot write its state.")
        }
        ledger.apply(changes)
        schedule(changes)
        if !changes.events.isEmpty { await submit(changes.events) }
        if settlements.count > 0 { await settlementWakeUp.signal() }
    }

    private func delivery(_ event: EventRecord) -> WebhookDispatcher.Message {
        .init(id: event.id, type: event.type, body: rendering.event(event).text)
    }

    // MARK: Webhooks

    /// Starts again what a crash left undelivered.
    func resubmit() async {
        let events = ledger.eventOrder.ids.filter(ledger.undelivered.contains).compactMap { ledger.events[$0] }
        await submit(events)
    }

    private func submit(_ events: [EventRecord]) async {
        await markDelivered(await webhooks.submit(events.map(delivery)))
    }

    /// - Returns: false when there is no such event.
    func resend(_ id: String) async -> Bool {
        guard let event = ledger.events[id] else { return false }
        await submit([event])
        return true
    }

    func markDelivered(_ ids: [String]) async {
        var changes = Changes()
        changes.delivered = ids.filter(ledger.undelivered.contains)
        // Not written means delivered once more after a restart, which receivers expect.
        try? await commit(changes)
    }

    // MARK: Slow banks

    private func schedule(_ changes: Changes) {
        for refund in changes.refunds where refund.settlement != nil {
            settlements.insert(.refund(refund.id), due: .now + settlementDelay)
        }
        for intent in changes.intents where intent.status == .processing {
            settlements.insert(.intent(intent.id), due: .now + settlementDelay)
        }
    }

    /// Lets slow banks answer in time, until cancelled.
    func runSettlements() async {
        while !Task.isCancelled {
            while let settlement = settlements.pop(by: .now) { await settle(settlement) }
            await settlementWakeUp.wait(until: settlements.nextDue)
        }
    }

    /// Lets all slow banks answer now.
    /// - Returns: how many did.
    func settleAll() async -> Int {
        let due = settlements.popAll()
        for settlement in due { await settle(settlement) }
        return due.count
    }

    private func settle(_ settlement: Settlement) async {
        var transaction = transaction()
        do throws(APIFailure) {
            switch settlement {
            case .intent(let id): try transaction.settle(intent: id)
            case .refund(let id): transaction.settle(refund: id)
            }
            try await commit(transaction.changes)
        } catch {
            // Cancelled meanwhile, or not writable: then it stays open and is tried at the next start.
            logger.debug("a settlement was not made", metadata: ["error": "\(error.message)"])
        }
    }
}
