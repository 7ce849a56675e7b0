/// Tells once whether the simulator listens, and where.
actor StartSignal {
    private var hasBegun = false
    private var result: Result<Int, StripeSimulatorError>?
    private var waiters: [CheckedContinuation<Result<Int, StripeSimulatorError>, Never>] = []

    /// - Returns: false from the second call on.
    func begin() -> Bool {
        defer { hasBegun = true }
        return !hasBegun
    }

    func succeed(_ port: Int) { _ = resolve(.success(port)) }

    /// - Returns: whether nothing was known before. An end after the start is remembered for those who ask later.
    @discardableResult
    func fail(_ error: StripeSimulatorError) -> Bool {
        if resolve(.failure(error)) { return true }
        if case .alreadyRun = error { return false }
        result = .failure(error)
        return false
    }

    func port() async throws(StripeSimulatorError) -> Int {
        if let result { return try result.get() }
        return try await withCheckedContinuation { waiters.append($0) }.get()
    }

    private func resolve(_ outcome: Result<Int, StripeSimulatorError>) -> Bool {
        guard result == nil else { return false }
        result = outcome
        for waiter in waiters { waiter.resume(returning: outcome) }
        waiters = []
        return true
    }
}
