package import FoundationEssentials
import LocalServers

/// `fleet.json`: where everything of a running fleet is, for people and scripts. It is there while the fleet runs.
package struct FleetFile: Codable, Sendable, Hashable {
    package struct Worker: Codable, Sendable, Hashable {
        /// `orders`
        package var name: String
        /// `orders.2`
        package var instance: String
        /// Nil while it is being started again.
        package var pid: Int32?

        package init(name: String, instance: String, pid: Int32?) {
            self.name = name
            self.instance = instance
            self.pid = pid
        }
    }

    /// URL of the ingress.
    package var http: String
    /// With the operator's password when the broker lets nobody else in.
    package var nats: String
    package var natsMonitor: String
    /// The superuser's URL of the database `flotilla`.
    package var postgres: String
    /// URL of the Stripe simulator.
    package var stripe: String
    /// The folder where e-mail lands.
    package var mail: String
    /// The folder of `subjects/` and `migrations/`.
    package var home: String
    package var workers: [Worker]
    package var upPid: Int32
    package var ingressPid: Int32?
    package var stripePid: Int32?
    package var natsPid: Int32?
    package var postgresPid: Int32?
    /// A JWT with the role `staff`, good for 30 days.
    package var staffToken: String
    package var startedAt: Date

    package init(
        http: String, nats: String, natsMonitor: String, postgres: String, stripe: String, mail: String, home: String,
        upPid: Int32, staffToken: String, startedAt: Date
    ) {
        self.http = http
        self.nats = nats
        self.natsMonitor = natsMonitor
        self.postgres = postgres
        self.stripe = stripe
        self.mail = mail
        self.home = home
        workers = []
        self.upPid = upPid
        self.staffToken = staffToken
        self.startedAt = startedAt
    }

    /// `nats` without user and password.
    package var natsWithoutUser: String {
        guard let at = nats.lastIndex(of: "@") else { return nats }
        return "nats://\(nats[nats.index(after: at)...])"
    }

    /// Takes over the pids.
    package mutating func update(_ members: [MemberStatus]) {
        workers = members.filter { $0.stage == .worker }.map {
            Worker(name: String($0.name.prefix { $0 != "." }), instance: $0.name, pid: $0.pid)
        }
        func pid(_ stage: Stage) -> Int32? { members.first { $0.stage == stage }?.pid }
        ingressPid = pid(.ingress)
        stripePid = pid(.simulator)
        natsPid = pid(.broker)
        postgresPid = pid(.database)
    }

    /// Writes it in one step, readable by its owner only: it holds a password and a token.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try Files.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path, mode: 0o600)
    }

    /// Reads the file of the fleet in `directory`.
    package static func load(directory: String) throws -> FleetFile {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let data = try Data(contentsOf: URL(filePath: "\(Files.absolute(directory))/fleet.json"))
        return try decoder.decode(FleetFile.self, from: data)
    }
}
