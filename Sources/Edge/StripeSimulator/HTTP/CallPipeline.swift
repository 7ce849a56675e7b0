/// The way of one call: faults, idempotency, effect, and faults again.
struct CallPipeline: Sendable {
    enum Reply: Sendable {
        case answer(APIAnswer)
        /// The connection is closed without an answer.
        case dropConnection
    }

    let engine: SimulatorEngine
    let gate: HoldGate

    func respond(to call: APICall) async -> Reply {
        let fault = await engine.nextFault(call)
        if fault.latencyMs > 0 { try? await Task.sleep(for: .milliseconds(fault.latencyMs)) }
        let before = fault.rule.flatMap { $0.afterEffect ? nil : $0 }
        let after = fault.rule.flatMap { $0.afterEffect ? $0 : nil }
        if let reply = await apply(before, to: nil) {
            if case .answer(let answer) = reply, before?.isRecorded == true { await engine.record(answer, for: call) }
            return reply
        }
        switch await engine.admit(call) {
        case .answer(let answer): return await apply(after, to: answer) ?? .answer(answer)
        case .proceed:
            let recorded = after?.isRecorded == true ? after?.answer : nil
            let answer = await engine.execute(call, recording: recorded)
            let reply = await apply(after, to: answer) ?? .answer(answer)
            await engine.finish(call)
            return reply
        }
    }

    /// - Returns: nil when the call goes on.
    private func apply(_ rule: FaultInjector.Rule?, to answer: APIAnswer?) async -> Reply? {
        switch rule?.failure {
        case nil: return nil
        case .drop: return .dropConnection
        case .status: return (rule?.answer ?? answer).map { .answer($0) }
        case .hold:
            await gate.wait()
            return answer.map { .answer($0) }
        }
    }
}
