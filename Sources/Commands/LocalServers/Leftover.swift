import FoundationEssentials
import Glibc

/// A server that outlived the process that started it.
enum Leftover {
    /// Ends process `pid` if its command line has `argument`: a pid alone may long belong to somebody else.
    ///
    /// The caller holds the directory's lock, so that nobody who is alive still uses it.
    static func end(_ pid: Int32, whoseArgumentsHave argument: String, signal: Int32) async throws(LocalServerError) {
        guard pid > 1, isOurs(pid, argument) else { return }
        kill(pid, signal)
        let clock = ContinuousClock()
        let start = clock.now
        var killed = false
        while isOurs(pid, argument) {
            let passed = clock.now - start
            if passed > .seconds(5), !killed {
                kill(pid, SIGKILL)
                killed = true
            }
            guard passed < .seconds(10), !Task.isCancelled else {
                throw LocalServerError(.directory, "process \(pid), left over from an earlier run, cannot be ended")
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func isOurs(_ pid: Int32, _ argument: String) -> Bool {
        guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
        return line.split(separator: 0).contains { String(decoding: $0, as: UTF8.self) == argument }
    }
}
