/// What a member is to the others, in the order in which a fleet stops: who sends work goes first, who keeps it last.
package enum Stage: Int, Sendable, CaseIterable {
    case ingress
    case worker
    case simulator
    case broker
    case database

    /// How long a member may take to end in good order before it is killed.
    package var stopLimit: Duration {
        switch self {
        // A little more than the 15 s that it gives its own requests to end.
        case .ingress: .seconds(17)
        case .worker: .seconds(10)
        case .simulator, .broker: .seconds(5)
        case .database: .seconds(20)
        }
    }
}
