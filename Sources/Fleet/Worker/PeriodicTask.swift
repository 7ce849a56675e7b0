/// Work that comes round again, on every instance: what is due is claimed in the database (`FOR UPDATE SKIP LOCKED`), so
/// that each row is handled once on any number of instances.
public struct PeriodicTask: Sendable {
    public let name: String
    /// The pause between two runs, shortened or stretched by up to a tenth so that instances do not run in step.
    public let every: Duration
    let body: @Reactor @Sendable (Context) async throws -> Bool

    /// - Parameter body: returns whether it was stopped by its own batch size: then it runs again at once. What it throws
    ///   is logged, and the next run comes after the usual pause.
    public init(_ name: String, every: Duration, _ body: @escaping @Reactor @Sendable (Context) async throws -> Bool) {
        self.name = name
        self.every = every
        self.body = body
    }
}
