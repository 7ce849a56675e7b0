internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

extension StripeError {
    /// Reads an error of the HTTP client.
    /// - Parameter status: of the answer, when its head had arrived.
    init(transport error: any Error, status: Int?, hasEffect: Bool) {
        let verdict: (kind: Kind, message: String, wasSent: Bool) =
            switch error {
            case is CancellationError: (.cancelled, "the calling task was cancelled", true)
            case is NIOTooManyBytesError: (.decoding, "the answer is too long", true)
            case let error as HTTPClientError: Self.verdict(error)
            case let error as NIOConnectionError: (.connection, "cannot connect to \(error.host):\(error.port)", false)
            case let error as IOError where error.errnoCode == ECONNREFUSED: (.connection, "connection refused", false)
            default: (.connection, "the connection broke: \(error)", true)
            }
        self.init(
            kind: verdict.kind, message: verdict.message, httpStatus: status,
            outcomeUnknown: hasEffect && verdict.wasSent)
    }

    private static func verdict(_ error: HTTPClientError) -> (kind: Kind, message: String, wasSent: Bool) {
        switch error {
        case .cancelled: (.cancelled, "the calling task was cancelled", true)
        case .alreadyShutdown: (.cancelled, "the client is shut down", false)
        case .connectTimeout, .getConnectionFromPoolTimeout: (.timeout, "no connection within its timeout", false)
        case .deadlineExceeded, .readTimeout, .writeTimeout: (.timeout, "no answer in time", true)
        // Mistakes in the configuration, such as a base URL without a host.
        case .invalidURL, .emptyHost, .emptyScheme:
            (.invalidRequest(param: nil), "the base URL is wrong: \(error.shortDescription)", false)
        default: (.connection, error.shortDescription, true)
        }
    }
}
