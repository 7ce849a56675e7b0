package import LocalServers

/// A process that the supervisor keeps alive.
package struct Member: Sendable {
    /// A started process.
    package struct Running: Sendable {
        package let pid: Int32
        /// Waits for the end; nil when the task is cancelled.
        package let exit: @Sendable () async -> ExitStatus?
        /// Ends it in good order, killing it after the limit.
        package let stop: @Sendable (_ limit: Duration) async -> Void

        package init(
            pid: Int32, exit: @escaping @Sendable () async -> ExitStatus?,
            stop: @escaping @Sendable (_ limit: Duration) async -> Void
        ) {
            self.pid = pid
            self.exit = exit
            self.stop = stop
        }
    }

    /// Unique, such as `orders.2`.
    package let name: String
    package let stage: Stage
    /// Starts it once more; its lines of output go to the closure.
    package let launch: @Sendable (_ output: @escaping @Sendable (String) -> Void) async throws -> Running

    package init(
        name: String, stage: Stage,
        launch: @escaping @Sendable (_ output: @escaping @Sendable (String) -> Void) async throws -> Running
    ) {
        self.name = name
        self.stage = stage
        self.launch = launch
    }
}

extension Member {
    /// A child process whose output is forwarded.
    package static func child(_ name: String, _ stage: Stage, _ command: ChildProcess.Command) -> Member {
        Member(name: name, stage: stage) { output in
            var command = command
            command.output = .lines(output)
            let child = try await ChildProcess.spawn(command)
            return Running(
                pid: child.pid, exit: { await child.exit() }, stop: { _ = await child.terminate(within: $0) })
        }
    }

    /// A nats-server that runs already; after its end it is restarted on the same ports with the same store.
    ///
    /// - Parameter whenRestarted: Called each time it was started again, beside it: its store may be gone. Cancelled when it ends
    ///   meanwhile.
    package static func nats(
        _ server: LocalNATS, whenRestarted: @escaping @Sendable () async -> Void = {}
    ) -> Member {
        Member(name: "nats", stage: .broker) { _ in
            let isRestart = !server.isRunning
            if isRestart { try await server.restart() }
            return Running(
                pid: server.pid,
                exit: {
                    async let _ = isRestart ? whenRestarted() : ()
                    return await server.exit()
                }, stop: { await server.stop(within: $0) })
        }
    }

    /// A cluster that runs already; after its end it is restarted on the same port with the same data.
    package static func postgres(_ server: LocalPostgres) -> Member {
        Member(name: "postgres", stage: .database) { _ in
            if !server.isRunning { try await server.restart() }
            return Running(pid: server.pid, exit: { await server.exit() }, stop: { await server.stop(within: $0) })
        }
    }
}
