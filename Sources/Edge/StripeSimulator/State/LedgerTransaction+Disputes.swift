extension LedgerTransaction {
    func dispute(_ id: String) throws(APIFailure) -> DisputeRecord {
        guard let dispute = changes.disputes.last(where: { $0.id == id }) ?? ledger.disputes[id] else {
            throw .noSuch("dispute", id, param: "dispute")
        }
        return dispute
    }

    /// The bank takes the money of `charge`.
    mutating func openDispute(of charge: ChargeRecord) {
        let dispute = DisputeRecord(
            id: Identifier.make("dp_"), charge: charge.id, intent: charge.intent, amount: charge.amount,
            currency: charge.currency, created: now)
        put(dispute)
        emit("charge.dispute.created", rendering.dispute(dispute))
        emit("charge.dispute.funds_withdrawn", rendering.dispute(dispute))
    }

    /// Evidence of a test decides at once: `winning_evidence` wins, `losing_evidence` loses; other evidence waits.
    mutating func updateDispute(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        try form.allow(["evidence", "metadata", "submit", "expand"])
        let dispute = try dispute(id)
        let evidence = try form.nested("evidence")?.text("uncategorized_text")
        guard try form.boolean("submit") ?? true else { return APIAnswer(rendering.dispute(dispute)) }
        switch evidence {
        case "winning_evidence": return try close(dispute, .won)
        case "losing_evidence": return try close(dispute, .lost)
        default: return APIAnswer(rendering.dispute(dispute))
        }
    }

    /// The shop gives in.
    mutating func closeDispute(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        try form.allow(["expand"])
        return try close(dispute(id), .lost)
    }

    private mutating func close(
        _ before: DisputeRecord, _ verdict: DisputeRecord.Status
    ) throws(APIFailure) -> APIAnswer {
        guard before.status == .needsResponse else {
            throw APIFailure(message: "This dispute is already closed.")
        }
        var dispute = before
        dispute.status = verdict
        put(dispute)
        emit("charge.dispute.updated", rendering.dispute(dispute))
        if verdict == .won { emit("charge.dispute.funds_reinstated", rendering.dispute(dispute)) }
        emit("charge.dispute.closed", rendering.dispute(dispute))
        return APIAnswer(rendering.dispute(dispute))
    }
}
