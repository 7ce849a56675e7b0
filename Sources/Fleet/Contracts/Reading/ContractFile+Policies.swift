extension ContractFile {
    func readPolicies(_ entry: Entry) -> Policies {
        var policies = Policies()
        guard var keys = Keys(entry, "a mapping of policies") else { return policies }
        if let limit = keys.optional("rateLimit") { policies.rateLimit = readRateLimit(limit) }
        if let timeout = keys.optional("timeout") { policies.timeout = readTimeout(timeout) ?? policies.timeout }
        let retries = keys.optional("retries")
        if let retries { policies.retries = readRetries(retries) ?? policies.retries }
        if let breaker = keys.optional("breaker") { policies.breaker = readBreaker(breaker) ?? policies.breaker }
        keys.finish()
        if policies.retries.perTry > policies.timeout {
            (retries ?? entry).fail(
                "one try may take \(Units.text(policies.retries.perTry)), which is longer than the whole timeout of \(Units.text(policies.timeout))"
            )
        }
        return policies
    }

    func readTimeout(_ entry: Entry) -> Duration? {
        entry.duration(.milliseconds(10)...(.seconds(300)))
    }

    /// Nil for "none", and when it is wrong.
    func readRateLimit(_ entry: Entry) -> RateLimit? {
        if entry.isWord("none") { return nil }
        guard var keys = Keys(entry, "a mapping with perMinute and perHour, or \"none\"") else { return nil }
        let perMinute = keys.required("perMinute", "a number of requests")?.integer(1...10_000_000)
        let perHour = keys.required("perHour", "a number of requests")?.integer(1...100_000_000)
        keys.finish()
        guard let perMinute, let perHour else { return nil }
        if perHour < perMinute { entry.fail("perHour is less than perMinute") }
        return RateLimit(perMinute: perMinute, perHour: perHour)
    }

    private func readRetries(_ entry: Entry) -> Retries? {
        guard var keys = Keys(entry, "a mapping with attempts and perTry") else { return nil }
        let attempts = keys.required("attempts", "an integer from 0 to 10")?.integer(0...10)
        let perTry = keys.required("perTry", "a duration")?.duration(.milliseconds(10)...(.seconds(300)))
        keys.finish()
        guard let attempts, let perTry else { return nil }
        return Retries(attempts: attempts, perTry: perTry)
    }

    private func readBreaker(_ entry: Entry) -> Breaker? {
        guard var keys = Keys(entry, "a mapping with consecutiveErrors and openFor") else { return nil }
        let errors = keys.required("consecutiveErrors", "an integer from 1 to 1000")?.integer(1...1000)
        let openFor = keys.required("openFor", "a duration")?.duration(.milliseconds(100)...(.seconds(3600)))
        keys.finish()
        guard let errors, let openFor else { return nil }
        return Breaker(consecutiveErrors: errors, openFor: openFor)
    }
}
