import NATS
import Postgres

extension PostgresError {
    /// `lock_not_available`: `lock_timeout` passed.
    static let lockNotAvailable = "55P03"

    /// Whether it says nothing about the request: trying again later may well succeed.
    var isTransient: Bool {
        switch code {
        case .connectionLost, .poolExhausted, .timeout, .cancelled, .shutdown: true
        case .server:
            // Class 57: the server is shutting down or cancelled the statement; 53: out of resources; 08: connection.
            isRetryable || sqlState == Self.lockNotAvailable
                || ["57", "53", "08"].contains(sqlState.map { String($0.prefix(2)) } ?? "")
        case .configuration, .decoding: false
        }
    }
}

extension ServiceError {
    /// What a caller is told of an error that is not a refusal.
    init(failure error: any Error) {
        switch error {
        case let refusal as ServiceError: self = refusal
        case let error as PostgresError where error.isTransient:
            self = .unavailable("the database cannot be reached or is busy; try again")
        case is NATSError: self = .unavailable("another part of the system cannot be reached; try again")
        case is CancellationError, is VersionConflict: self = .unavailable("the request was interrupted; try again")
        default: self = .internalError
        }
    }
}
