/// What a fleet needs of modules that this one does not know.
package struct FleetHooks: Sendable {
    /// Brings all schemas of the superuser's database up to date; returns what was applied, by worker.
    package var migrate:
        @Sendable (_ url: String, _ directory: String, _ passwords: [String: String]) async throws -> [String: [String]]
    /// Makes and changes streams and consumers of the broker as the contracts in the folder say; returns a line for each that
    /// was not as they say. Called again whenever nats-server was started again.
    package var streams: @Sendable (_ natsURL: String, _ subjects: String) async throws -> [String]
    /// How many instances of each worker answer on NATS; it need not look for more than are wanted.
    package var instances: @Sendable (_ natsURL: String, _ wanted: [String: Int]) async throws -> [String: Int]
    /// Fills the catalogue; returns a line about it.
    package var seed: @Sendable (_ natsURL: String) async throws -> String
    /// A JWT with the role `staff`.
    package var staffToken: @Sendable (_ keyFile: String) throws -> String
    /// Status code of a `GET` on the loopback address, nil when there is no answer.
    package var httpStatus: @Sendable (_ port: Int, _ path: String) async -> Int? = {
        await Readiness.httpStatus(port: $0, path: $1)
    }

    package init(
        migrate: @escaping @Sendable (String, String, [String: String]) async throws -> [String: [String]],
        streams: @escaping @Sendable (String, String) async throws -> [String],
        instances: @escaping @Sendable (String, [String: Int]) async throws -> [String: Int],
        seed: @escaping @Sendable (String) async throws -> String,
        staffToken: @escaping @Sendable (String) throws -> String
    ) {
        self.migrate = migrate
        self.streams = streams
        self.instances = instances
        self.seed = seed
        self.staffToken = staffToken
    }
}
