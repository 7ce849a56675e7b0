import Reactor

/// Statements that travel together and end with one sync, and the caller that waits for them.
@Reactor
final class Flight {
    let deadline: ContinuousClock.Instant
    /// Whether the end of this flight commits something: then a lost connection leaves the outcome unknown.
    let commits: Bool
    private(set) var results: [Rows] = []
    /// The first thing that went wrong.
    private(set) var error: PostgresError?
    /// The first error was a FATAL one: the connection is going.
    var isFatal = false
    /// All of it, the sync included, has been handed to the kernel.
    var isSent = false
    /// Set when the deadline has passed: from then on the server has until this instant to say how it ended.
    var cancelledUntil: ContinuousClock.Instant?
    private(set) var isOver = false
    private var continuation: UnsafeContinuation<Void, Never>?

    init(deadline: ContinuousClock.Instant, commits: Bool) {
        self.deadline = deadline
        self.commits = commits
    }

    func append(_ rows: Rows) {
        results.append(rows)
    }

    func fail(_ error: PostgresError) {
        if self.error == nil { self.error = error }
    }

    /// Replaces what is known so far: the connection is gone and with it the rest of the answer.
    func replaceError(_ error: PostgresError) {
        self.error = error
    }

    func finish() {
        isOver = true
        continuation?.resume()
        continuation = nil
    }

    /// Suspends until the server has answered, or the flight has failed. One caller only.
    func wait() async throws(PostgresError) -> [Rows] {
        if !isOver { await withUnsafeContinuation { keep($0) } }
        if let error { throw error }
        return results
    }

    /// The same for a flight of one query.
    func waitForOne() async throws(PostgresError) -> Rows {
        if !isOver { await withUnsafeContinuation { keep($0) } }
        if let error { throw error }
        guard let rows = results.first else {
            throw PostgresError(.decoding, "the server sent no result")
        }
        return rows
    }

    /// Looks again: whether entering an async function lets others run first is up to the language's runtime.
    private func keep(_ continuation: UnsafeContinuation<Void, Never>) {
        if isOver { continuation.resume() } else { self.continuation = continuation }
    }
}
