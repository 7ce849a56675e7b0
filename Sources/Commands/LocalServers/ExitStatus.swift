import Glibc

/// How a process ended.
package enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    /// From the status word of `waitpid`.
    package init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
    }

    package var isSuccess: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(SIGKILL): "killed (SIGKILL)"
        case .signaled(SIGTERM): "terminated (SIGTERM)"
        case .signaled(SIGSEGV): "crashed (SIGSEGV)"
        case .signaled(SIGILL): "crashed (SIGILL)"
        case .signaled(SIGABRT): "crashed (SIGABRT)"
        case .signaled(let number): "signal \(number)"
        }
    }
}
