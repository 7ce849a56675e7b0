import LocalFleet
import Logging
import Migrations

extension FleetHooks {
    /// What `up` does with the modules of the fleet.
    static func real(_ bus: FleetBus) -> FleetHooks {
        FleetHooks(
            migrate: { url, directory, passwords in
                let logger = Logger(label: "migrate", factory: { _ in SwiftLogNoOpLogHandler() })
                return try await MigrationRunner(
                    directory: directory, adminURL: url, passwords: passwords, logger: logger
                ).run()
            },
            streams: { try await bus.applyStreams($0, subjects: $1) },
            instances: { try await bus.instances($0, wanted: $1) },
            seed: { try await bus.seed($0) },
            staffToken: { try StaffToken.make(keyFile: $0) })
    }
}
