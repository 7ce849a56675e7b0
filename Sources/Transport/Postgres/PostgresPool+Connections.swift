import Logging
import Reactor

extension PostgresPool {
    /// Opens as many connections as the pool wants now.
    func openWanted() {
        guard let parameters else { return }
        for _ in 0..<machine.takeOpenings() {
            // Unstructured: several callers wait for it, and it outlives each; it ends within `connectTimeout` or with `shutdown`.
            openings += 1
            let number = openings
            opening[number] = Task { @Reactor in
                await open(parameters)
                opening[number] = nil
                fireWhenDrained()
            }
        }
    }

    private func open(_ parameters: ConnectionParameters) async {
        do throws(PostgresError) {
            let wire = try await Wire.open(parameters, timeout: configuration.connectTimeout, logger: logger)
            let connection: PipelineConnection
            do throws(PostgresError) {
                connection = try PipelineConnection(
                    wire: wire, statementLimit: configuration.statementLimit, encoder: encoder,
                    cancelTimeout: configuration.cancelTimeout,
                    onIdle: { self.place($0, self.machine.release($0)) },
                    onLost: { self.lost($0, $1) })
            } catch {
                wire.close()
                throw error
            }
            connection.onRollback = { _ in self.arm(for: .now + self.configuration.cancelTimeout) }
            connections.append(connection)
            if lastFailure != nil {
                lastFailure = nil
                logger.notice("postgres is back", metadata: ["server": "\(parameters.target)"])
            }
            place(connection, machine.connected(connection))
            started.fire(.success(()))
        } catch {
            failed(error)
        }
        openWanted()
    }

    private func place(
        _ connection: PipelineConnection, _ placement: PoolStateMachine<PipelineConnection>.Placement
    ) {
        switch placement {
        case .lease(let waiter): answer(waiter.id, .success(connection))
        case .park:
            if machine.open > machine.limits.minimum {
                connection.idleSince = .now
                armReaper()
            }
        case .close:
            connection.close()
            forget(connection)
        }
    }

    private func failed(_ error: PostgresError) {
        let turnedAway = machine.connectFailed()
        guard !machine.isShutDown else { return }
        // Once per outage, not once per attempt.
        if lastFailure == nil, started.isFired {
            logger.warning("postgres cannot be reached", metadata: ["error": "\(error)"])
        }
        lastFailure = error
        for waiter in turnedAway { answer(waiter.id, .failure(unreachable)) }
        if error.code == .configuration || startDeadline.map({ $0 <= .now }) ?? true {
            started.fire(.failure(error))
        }
        backoff = Reactor.schedule(after: pause) { [weak self] in
            self?.machine.backoffEnded()
            self?.openWanted()
        }
    }

    /// Doubles with each failure up to the bound; between half and all of it, so that a fleet does not come at once.
    private var pause: Duration {
        let doublings = min(machine.failures - 1, 16)
        let longest = min(configuration.backoff.lowerBound * (1 << doublings), configuration.backoff.upperBound)
        return longest * Double.random(in: 0.5...1)
    }

    private func lost(_ connection: PipelineConnection, _ error: PostgresError) {
        machine.lost(connection)
        forget(connection)
        logger.warning("a postgres connection was lost", metadata: ["error": "\(error)"])
        openWanted()
    }

    private func forget(_ connection: PipelineConnection) {
        connections.removeAll { $0 === connection }
        fireWhenDrained()
    }

    private func fireWhenDrained() {
        guard machine.isShutDown, connections.isEmpty, opening.isEmpty else { return }
        drained.fire(())
    }

    private func armReaper() {
        guard reaper == nil else { return }
        reaper = Reactor.schedule(after: configuration.idleTimeout) { [weak self] in self?.reap() }
    }

    private func reap() {
        reaper = nil
        let before = ContinuousClock.now - configuration.idleTimeout
        for connection in machine.reap({ $0.idleSince <= before }) {
            connection.close()
            forget(connection)
        }
        if machine.open > machine.limits.minimum { armReaper() }
    }

    /// Refuses new callers, lets statements under way end for at most `grace`, and closes every connection. Connections that
    /// are being opened are given up: after this no library runs for the pool, and the process may exit.
    public func shutdown(grace: Duration = .seconds(5)) async {
        guard !machine.isShutDown else { return }
        let (idle, waiters) = machine.shutDown()
        backoff?.cancel()
        reaper?.cancel()
        started.fire(.failure(.shutdown))
        for waiter in waiters { answer(waiter.id, .failure(.shutdown)) }
        for connection in idle {
            connection.close()
            forget(connection)
        }
        for task in opening.values { task.cancel() }
        if !(connections.isEmpty && opening.isEmpty) {
            let timer = Reactor.schedule(after: grace) {
                for connection in self.connections { connection.lose(.shutdown) }
                // A name server that does not answer must not hold up the end.
                self.drained.fire(())
            }
            await drained.wait()
            timer.cancel()
        }
        alarm?.cancel()
    }
}
