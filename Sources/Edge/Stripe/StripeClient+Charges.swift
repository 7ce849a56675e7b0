extension StripeClient {
    public func retrieveCharge(_ id: String, deadline: ContinuousClock.Instant) async throws(StripeError)
        -> StripeCharge
    {
        try await send(.get("/v1/charges/\(StripeRequest.segment(id))"), deadline: deadline)
    }
}
