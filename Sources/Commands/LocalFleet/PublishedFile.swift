import Glibc
import Synchronization

/// The `fleet.json` that others read, kept true while members come and go.
final class PublishedFile: Sendable {
    private struct State {
        var file: FleetFile
        var path: String
    }

    private let state = Mutex<State?>(nil)

    func publish(_ file: FleetFile, at path: String) throws {
        try file.write(to: path)
        state.withLock { $0 = State(file: file, path: path) }
    }

    /// Takes over the pids of the members. A write that fails leaves the old file: the next change tries again.
    func update(_ members: [MemberStatus]) {
        state.withLock { state in
            guard var fresh = state else { return }
            fresh.file.update(members)
            guard fresh.file != state?.file, (try? fresh.file.write(to: fresh.path)) != nil else { return }
            state = fresh
        }
    }

    /// Removes it: what it says is about to become untrue.
    func retract() {
        state.withLock { state in
            if let state { unlink(state.path) }
            state = nil
        }
    }
}
