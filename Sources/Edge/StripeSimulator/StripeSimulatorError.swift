/// Why the simulator cannot run. Each case reads as one clear line.
public enum StripeSimulatorError: Error, Sendable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)
    case stateFile(path: String, reason: String)
    case invalidConfiguration(String)
    /// It was run before; a simulator runs once.
    case alreadyRun
    /// It ended before it was asked.
    case ended

    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "the Stripe simulator cannot listen on \(host):\(port): \(reason)"
        case .stateFile(let path, let reason): "the Stripe simulator's state file \(path) \(reason)"
        case .invalidConfiguration(let what): "the Stripe simulator's configuration is wrong: \(what)"
        case .alreadyRun: "a Stripe simulator runs only once"
        case .ended: "the Stripe simulator has ended"
        }
    }
}
