import FoundationEssentials
import Glibc
import LocalFleet
import LocalServers

/// A fleet that lives as long as the command that started it, and ends with it, signals included.
struct ForegroundFleet {
    private let fleet: Fleet
    private let console: Console
    private let bus = FleetBus()

    init(_ options: FleetOptions, console: Console) {
        fleet = Fleet(options, hooks: .real(bus), console: console)
        self.console = console
    }

    /// Starts everything, runs `body`, stops everything.
    ///
    /// The first signal cancels the start or `body`, the second ends everything at once. What a signal cut short is no error.
    /// - Parameter isSeeded: Whether the catalogue is filled.
    func run(
        isSeeded: Bool, _ body: @escaping @Sendable (Fleet.Ready, StopSignals) async throws -> Void
    ) async throws {
        let signals = StopSignals()
        let work = Task {
            let ready = try await fleet.start(isSeeded: isSeeded)
            await bus.close()
            try await body(ready, signals)
        }
        // Unstructured: it waits for signals until this process ends.
        let stopper = Task {
            var count = 0
            for await name in signals.names {
                count += 1
                if count == 1 {
                    console.write("up", "\(name): draining; once more ends everything at once")
                    work.cancel()
                } else {
                    console.write("up", "\(name) again: ending everything at once")
                    ChildProcess.killAll()
                    Glibc._exit(130)
                }
            }
        }
        defer { stopper.cancel() }
        let end = await work.result
        let wasAsked = signals.hasCome
        await bus.close()
        await fleet.stop()
        if !wasAsked { try end.get() }
    }

    /// This program as the children shall run it; by way of `/proc` when its file is gone.
    static var executable: String {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return access(path, X_OK) == 0 ? path : "/proc/\(getpid())/exe"
    }
}
