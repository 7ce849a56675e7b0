import CPostgres
package import Logging
package import Reactor

/// One connection outside of a pool and outside of pipeline mode: for scripts of several statements, such as migrations.
///
/// One call at a time. It belongs to whoever opened it, who also closes it.
@Reactor
package final class PostgresSession {
    private let wire: Wire
    private var outcome: PostgresError?
    private var results: [Rows] = []
    /// Of the call under way.
    private var done: Signal<Void>?
    private var timer: ReactorTimer?

    private init(wire: Wire) {
        self.wire = wire
    }

    /// - Throws: see ``PostgresPool/start()``; there is one attempt only.
    package static func connect(
        _ configuration: PostgresConfiguration, logger: Logger
    ) async throws(PostgresError) -> PostgresSession {
        let parameters = try ConnectionParameters(configuration)
        let wire = try await Wire.open(parameters, timeout: configuration.connectTimeout, logger: logger)
        let session = PostgresSession(wire: wire)
        do throws(PostgresError) {
            try wire.attach { session.receive() }
        } catch {
            wire.close()
            throw error
        }
        return session
    }

    /// Runs any number of statements. Without a BEGIN of its own a script is one transaction.
    /// - Throws: the first error; ``PostgresError/position`` counts characters of `sql`.
    package func script(_ sql: String, timeout: Duration = .seconds(60)) async throws(PostgresError) {
        _ = try await run(timeout) { PQsendQuery($0, sql) == 1 }
    }

    /// Runs one statement with parameters.
    package func query(
        _ sql: String, _ parameters: Parameter..., timeout: Duration = .seconds(60)
    ) async throws(PostgresError) -> Rows {
        let types = parameters.map(\.oid)
        let count = Int32(truncatingIfNeeded: parameters.count)
        let results = try await run(timeout) { connection in
            ParameterEncoder().withEncoded(parameters) { values, lengths, formats in
                PQsendQueryParams(connection, sql, count, types, values, lengths, formats, 1) == 1
            }
        }
        guard let rows = results.last else { throw PostgresError(.decoding, "the server sent no result") }
        return rows
    }

    /// Whether a BEGIN is open, failed or not.
    package var isInTransaction: Bool {
        guard let connection = wire.connection else { return false }
        return PQtransactionStatus(connection) == PQTRANS_INTRANS || PQtransactionStatus(connection) == PQTRANS_INERROR
    }

    /// The SCRAM verifier of a password: what is sent to the server instead of the password itself.
    package func verifier(ofPassword password: String, role: String) throws(PostgresError) -> String {
        guard let connection = wire.connection,
            let text = PQencryptPasswordConn(connection, password, role, "scram-sha-256")
        else {
            throw .lost("cannot make a password verifier: \(wire.message)", outcomeUnknown: false)
        }
        defer { PQfreemem(text) }
        return String(cString: text)
    }

    /// Says goodbye; an open transaction is rolled back by the server.
    package func close() {
        guard wire.connection != nil else { return }
        lose(.lost("the session was closed", outcomeUnknown: false))
    }

    private func run(
        _ timeout: Duration, _ send: (OpaquePointer) -> Bool
    ) async throws(PostgresError) -> [Rows] {
        guard let connection = wire.connection else { throw .lost("the session is closed", outcomeUnknown: false) }
        guard done == nil else { throw PostgresError(.configuration, "the session is busy") }
        outcome = nil
        results = []
        guard send(connection) else {
            throw .lost("cannot send: \(wire.message)", outcomeUnknown: false)
        }
        timer = Reactor.schedule(after: timeout) { self.giveUp(timeout) }
        let done = Signal<Void>()
        self.done = done
        _ = wire.flush()
        await done.wait()
        if let outcome { throw outcome }
        return results
    }

    private func receive() {
        guard let connection = wire.connection else { return }
        let isAlive = PQconsumeInput(connection) == 1
        if isAlive { _ = wire.flush() }
        while done != nil, PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                finish()
                break
            }
            if !take(result) { return lose(PostgresError(.server, "COPY is not supported")) }
            if PQstatus(connection) == CONNECTION_BAD { break }
        }
        if !isAlive || PQstatus(connection) == CONNECTION_BAD {
            lose(.lost(outcome?.message ?? wire.message, outcomeUnknown: done != nil))
        }
    }

    /// - Returns: false for what this session cannot go on after.
    private func take(_ result: OpaquePointer) -> Bool {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            results.append(Rows(result))
            return true
        case PGRES_FATAL_ERROR:
            if outcome == nil { outcome = PostgresError(result: result) }
            PQclear(result)
            return true
        default:
            PQclear(result)
            return false
        }
    }

    private func giveUp(_ timeout: Duration) {
        // The server sees the closed connection within its client_connection_check_interval and ends the statement.
        lose(PostgresError(.timeout, "a script did not end within \(timeout)", outcomeUnknown: true))
    }

    private func lose(_ error: PostgresError) {
        wire.close()
        outcome = error
        finish()
    }

    private func finish() {
        timer?.cancel()
        timer = nil
        done?.fire(())
        done = nil
    }
}
