extension TestServers {
    /// Waits until a condition holds that can only be asked for, looking every few milliseconds.
    ///
    /// - Throws: When it does not hold within `limit`, or what the condition throws.
    public nonisolated(nonsending) static func eventually(
        within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                throw LocalServerError(.timeout, "the condition did not come true within \(limit)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
