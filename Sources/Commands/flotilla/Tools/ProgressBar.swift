import Glibc

/// How far something is, with its rate, on one line of standard error that is written over while that is a terminal.
final class ProgressBar {
    private let total: Int
    private let unit: String
    private let began = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown = ContinuousClock.now - .seconds(1)

    private static let width = 40

    /// - Parameters:
    ///   - total: how many there are.
    ///   - unit: of what.
    init(total: Int, of unit: String) {
        self.total = total
        self.unit = unit
    }

    /// - Parameter done: out of `total`; shown a few times a second.
    func show(_ done: Int) {
        guard isTerminal, ContinuousClock.now - shown > .milliseconds(100) else { return }
        shown = .now
        write(line(done) + "\r")
    }

    /// The last line, on a terminal or not.
    func end(_ done: Int) {
        write(line(done) + "\n")
    }

    private func line(_ done: Int) -> String {
        let filled = total > 0 ? min(Self.width, done * Self.width / total) : Self.width
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        let time = Double(seconds) + Double(attoseconds) / 1e18
        let rate = time > 0 ? Int(Double(done) / time) : 0
        return "[\(bar)] \(done)/\(max(total, done)) \(unit), \(rate)/s"
    }

    private func write(_ text: String) {
        // A line that cannot be shown is no failure.
        _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    }
}
