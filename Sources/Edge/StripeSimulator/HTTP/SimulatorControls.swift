import FoundationEssentials

/// `/sim/…`: how scripts and tests make things go wrong, and see what happened.
struct SimulatorControls: Sendable {
    let engine: SimulatorEngine
    let webhooks: WebhookDispatcher
    let gate: HoldGate

    /// - Parameter path: decoded segments after `/sim`.
    func respond(method: String, path: [String], body: [UInt8]) async -> APIAnswer {
        do throws(APIFailure) {
            switch (method, path) {
            case ("GET", ["health"]): return APIAnswer(["status": "pass"])
            case ("GET", ["ledger"]): return APIAnswer(await engine.ledgerJSON)
            case ("GET", ["payment-methods"]):
                return APIAnswer(["paymentMethods": .array(TestPaymentMethod.ids.map { .string($0) })])
            case ("GET", ["faults"]): return APIAnswer(await faultsJSON())
            case ("POST", ["faults"]): return try await setFaults(body)
            case ("POST", ["release"]): return APIAnswer(["released": .int(Int64(await gate.release()))])
            case ("POST", ["settle"]): return APIAnswer(["settled": .int(Int64(await engine.settleAll()))])
            case ("GET", ["webhooks"]): return APIAnswer(await webhooksJSON())
            case ("POST", ["webhooks"]): return try await setWebhookURL(body)
            case ("POST", let path) where path.count == 3 && path[0] == "events" && path[2] == "resend":
                guard await engine.resend(path[1]) else { throw .noSuch("event", path[1], param: "id") }
                return APIAnswer(["queued": true])
            default: throw .unrecognized(method: method, path: "/sim/" + path.joined(separator: "/"))
            }
        } catch {
            return error.answer
        }
    }

    private func setFaults(_ body: [UInt8]) async throws(APIFailure) -> APIAnswer {
        let request = try Self.decode(FaultRequest.self, body)
        let webhookFaults = try request.apply(to: await webhooks.faults)
        try await engine.setFaults(request)
        await webhooks.setFaults { $0 = webhookFaults }
        if request.reset == true { await gate.release() }
        return APIAnswer(await faultsJSON())
    }

    private func faultsJSON() async -> JSONValue {
        guard case .object(var members) = await engine.faultsJSON else { return nil }
        let faults = await webhooks.faults
        members.append(("held", .int(Int64(await gate.count))))
        members.append(
            (
                "webhooks",
                [
                    "drop": .int(Int64(faults.drop)), "duplicate": .int(Int64(faults.duplicate)),
                    "reverse": .int(Int64(faults.reverse)), "delayMs": .int(Int64(faults.delayMs)),
                ]
            ))
        return .object(members)
    }

    private struct WebhookTarget: Decodable { var url: String? }

    private func setWebhookURL(_ body: [UInt8]) async throws(APIFailure) -> APIAnswer {
        let url = try Self.decode(WebhookTarget.self, body).url
        if let url, !StripeSimulator.Configuration.isHTTP(url) {
            throw .invalid("url", "url must be an http or https URL")
        }
        await webhooks.setURL(url)
        return APIAnswer(await webhooksJSON())
    }

    private func webhooksJSON() async -> JSONValue {
        [
            "url": JSONValue(await webhooks.settings.url), "pending": .int(Int64(await webhooks.pending)),
            "deliveries": await webhooks.log.json,
        ]
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws(APIFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw APIFailure(message: "The body is not the JSON that this control takes.")
        }
    }
}
