/// What a fleet on one machine looks like.
package struct FleetOptions: Sendable {
    /// The folder of data, secrets and `fleet.json`.
    package var directory: String
    /// The folder of `subjects/`, `migrations/` and `docker/`.
    package var home: String
    /// Has the commands `worker NAME`, `ingress` and `stripe`.
    package var executable: String
    package var scale: Scale
    /// Ports: nil prefers the usual one and takes another when that is taken; a given one must be free.
    package var httpPort: Int?
    package var natsPort: Int?
    package var postgresPort: Int?
    /// Who may log in to the broker; nil lets everybody in.
    package var brokerUsers: BrokerUsers?
    /// Deletes the fleet's data first.
    package var isFresh = false
    /// False deletes the data when the fleet has stopped.
    package var isKept = true
    /// False gives up crash safety of Postgres for speed: for tests.
    package var isDurable = true
    /// How long it may take from the last migration until everyone answers.
    package var readyLimit: Duration = .seconds(60)
    /// What the children inherit, ours on top.
    package var environment: [String: String] = [:]

    package init(directory: String, home: String, executable: String, scale: Scale) {
        self.directory = directory
        self.home = home
        self.executable = executable
        self.scale = scale
    }
}
