import CPostgres
import Reactor

extension PipelineConnection {
    /// Called when the socket is ready: reads what is there and hands out what is complete.
    func receive() {
        guard isOpen, let connection = wire.connection else { return }
        let isAlive = PQconsumeInput(connection) == 1
        if isAlive, flights.contains(where: { !$0.isSent }) { flush() }
        process(connection)
        guard isOpen else { return }
        // With nothing under way this only reads notices, among them the reason for which the server is about to close.
        if flights.isEmpty { _ = PQisBusy(connection) }
        if !isAlive || PQstatus(connection) == CONNECTION_BAD {
            lose(.lost(wire.message, outcomeUnknown: false))
        }
    }

    private func process(_ connection: OpaquePointer) {
        while isOpen, nextStep < steps.count, PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                guard endOfResult() else { return }
                continue
            }
            endsInARow = 0
            take(result)
            // The connection was dropped while results were pending: libpq makes up one error per call from here on.
            if isOpen, PQstatus(connection) == CONNECTION_BAD { return }
        }
    }

    /// libpq ends the results of each statement with a null; a sync has none of its own, but an error that the server
    /// raised at the sync (a deferred constraint) brings one.
    private func endOfResult() -> Bool {
        endsInARow += 1
        guard endsInARow < 3 else {
            lose(.lost("the connection to \(wire.target) is out of step", outcomeUnknown: false))
            return false
        }
        if case .sync = steps[nextStep] { return true }
        nextStep += 1
        return true
    }

    private func take(_ result: OpaquePointer) {
        let step = steps[nextStep]
        guard let flight = flights.first else { return PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            switch step {
            case .run: flight.append(Rows(result))
            case .control(let prepared):
                // COMMIT of a failed transaction succeeds as a ROLLBACK.
                if prepared?.statement == .commit, !Rows.isCommand("COMMIT", result) {
                    flight.fail(
                        PostgresError(.server, "the transaction had failed and was rolled back", sqlState: "25P02"))
                }
                PQclear(result)
            case .prepare, .sync: PQclear(result)
            }
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            land(flight)
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            if case .prepare(let prepared) = step { statements.remove(prepared, isOnServer: false) }
        case PGRES_FATAL_ERROR:
            refuse(flight, step, result)
            PQclear(result)
        default:
            PQclear(result)
            flight.fail(PostgresError(.server, "COPY is not supported", outcomeUnknown: flight.commits))
            lose(.lost("the connection was closed to end a COPY", outcomeUnknown: false))
        }
    }

    private func refuse(_ flight: Flight, _ step: Step, _ result: OpaquePointer) {
        let error = PostgresError(result: result)
        switch step {
        case .prepare(let prepared): statements.remove(prepared, isOnServer: false)
        case .run(let prepared) where error.isStalePlan:
            statements.remove(prepared, isOnServer: error.sqlState != "26000")
        default: break
        }
        // libpq's own errors have no SQLSTATE: the connection is gone, and receive() says so.
        guard error.sqlState != nil else { return }
        if flight.error == nil { flight.isFatal = PostgresError.isFatal(result) }
        flight.fail(error)
    }

    /// The sync of a flight has come back: its outcome is known.
    private func land(_ flight: Flight) {
        flights.removeFirst()
        nextStep += 1
        if flights.isEmpty {
            steps.removeAll(keepingCapacity: true)
            nextStep = 0
        }
        // The connection goes to its next user before this caller runs on.
        returnIfIdle()
        flight.finish()
    }
}

extension Rows {
    /// Whether the server's command tag is `tag`.
    static func isCommand(_ tag: StaticString, _ result: OpaquePointer) -> Bool {
        guard let status = PQcmdStatus(result) else { return false }
        return tag.withUTF8Buffer { tag in
            for (offset, byte) in tag.enumerated() where status[offset] != CChar(bitPattern: byte) { return false }
            return status[tag.count] == 0
        }
    }
}
