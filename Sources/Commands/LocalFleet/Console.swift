import FoundationEssentials
import Glibc
import Synchronization

/// Standard output, shared by all members: whole lines, each behind the name of who said it.
///
/// A reader that stalls (Ctrl-S, a full pipe) must not stall the fleet: lines it does not take within a moment are dropped and counted.
package final class Console: Sendable {
    private struct State {
        var width: Int
        var colours: [String: Int] = [:]
        var dropped = 0
        var isStalled = false
    }

    private let descriptor: Int32
    private let isColoured: Bool
    private let state: Mutex<State>

    /// - Parameter width: Columns of the longest name.
    package init(width: Int = 12, descriptor: Int32 = 1, isColoured: Bool? = nil) {
        self.descriptor = descriptor
        let environment = ProcessInfo.processInfo.environment
        self.isColoured =
            isColoured ?? (isatty(descriptor) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb")
        state = Mutex(State(width: width))
    }

    /// Writes a line of a member: `orders.1     | …`.
    ///
    /// - Parameter isNotice: Said about the member, not by it.
    package func write(_ name: String, _ line: String, isNotice: Bool = false) {
        state.withLock { state in
            let label = label(name, &state)
            let text = isNotice ? "-- \(line)" : line
            put("\(label) \(isNotice && isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text)\n", &state)
        }
    }

    /// Writes lines without a name; never dropped unless the reader is gone.
    package func write(_ lines: String) {
        state.withLock { state in
            state.isStalled = false
            put(lines + "\n", &state, limitMilliseconds: 5000)
        }
    }

    /// `text` in bold where colours are.
    package func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    private func label(_ name: String, _ state: inout State) -> String {
        state.width = max(state.width, name.utf8.count)
        let padded = name + String(repeating: " ", count: state.width - name.utf8.count)
        guard isColoured else { return padded + " |" }
        // Bright and dark, red left out: it is for errors.
        let palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94]
        let index = state.colours[name] ?? state.colours.count
        state.colours[name] = index
        return "\u{1B}[\(palette[index % palette.count])m\(padded) |\u{1B}[0m"
    }

    private func put(_ text: String, _ state: inout State, limitMilliseconds: Int32 = 200) {
        guard isWritable(state.isStalled ? 0 : limitMilliseconds) else {
            state.isStalled = true
            state.dropped += 1
            return
        }
        state.isStalled = false
        var bytes = Array(text.utf8)
        if state.dropped > 0 {
            bytes = Array("-- \(state.dropped) lines were dropped: nobody read them\n".utf8) + bytes
            state.dropped = 0
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, min($0.count, Int(PIPE_BUF))) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
            if !rest.isEmpty, !isWritable(limitMilliseconds) { return }
        }
    }

    private func isWritable(_ limitMilliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, limitMilliseconds) == 1
    }
}
