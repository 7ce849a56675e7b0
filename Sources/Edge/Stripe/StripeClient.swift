internal import AsyncHTTPClient
internal import FoundationEssentials
public import Logging
internal import NIOCore
internal import NIOPosix

/// Stripe's API over HTTP.
///
/// Every call has a deadline that covers all of its attempts. A POST carries the caller's idempotency key, and an
/// attempt whose answer is lost is sent again under the same key: Stripe then answers what it did the first time.
/// Persist the key before the call; take a new key for a new attempt of the customer, never for a retry of the network.
///
/// Own one per process and end it with ``shutdown()``.
public final class StripeClient: Sendable {
    public let configuration: Configuration
    let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let transport: StripeTransport
    private let calls = CallCounter()

    /// Starts one thread for the sockets. Connections are made when they are first needed.
    public init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        transport = StripeTransport(group: group, configuration: configuration)
    }

    /// Closes the connections and ends the thread; calls in flight fail. Calling it again does nothing.
    public func shutdown() async {
        guard calls.close() else { return }
        await transport.shutdown()
        await calls.drain()
        try? await group.shutdownGracefully()
    }

    /// Sends `request` until it has an answer that stands, the retries are used up, or the deadline is near.
    func send<Result: Decodable>(
        _ request: StripeRequest, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> Result {
        if let problem = configuration.problem {
            throw StripeError(kind: .invalidRequest(param: nil), message: problem)
        }
        try request.check()
        var attempt = 1
        var earlierUnknown = false
        while true {
            guard calls.enter() else {
                throw StripeError(
                    kind: .cancelled, message: "the client is shut down", outcomeUnknown: earlierUnknown)
            }
            let outcome = await transport.exchange(request, deadline: deadline)
            calls.leave()
            let failure: StripeError
            switch outcome.result {
            case .success(let body):
                do throws(StripeError) {
                    return try Self.decode(Result.self, from: body, outcome: outcome, request: request)
                } catch { failure = error }
            case .failure(let error): failure = error
            }
            var error = failure
            if earlierUnknown, !error.settlesEarlierAttempts { error.outcomeUnknown = true }
            let delay = configuration.retries.delay(
                afterAttempt: attempt, error: failure, advice: outcome.advice,
                remaining: deadline - .now, random: Double.random(in: 0..<1))
            guard let delay else { throw error }
            logger.info(
                "stripe call is repeated",
                metadata: [
                    "path": "\(request.path)", "attempt": "\(attempt)", "error": "\(failure.label)",
                    "stripe_request": "\(failure.requestId ?? "-")",
                ])
            earlierUnknown = earlierUnknown || failure.outcomeUnknown
            attempt += 1
            do { try await Task.sleep(for: delay) } catch {
                throw StripeError(
                    kind: .cancelled, message: "cancelled between two attempts", outcomeUnknown: earlierUnknown)
            }
        }
    }

    private static func decode<Result: Decodable>(
        _ type: Result.Type, from body: [UInt8], outcome: StripeTransport.Outcome, request: StripeRequest
    ) throws(StripeError) -> Result {
        let problem: String
        do { return try JSONDecoder().decode(Result.self, from: Data(body)) } catch let error as DecodingError {
            problem = error.oneLine
        } catch { problem = "not JSON" }
        throw StripeError(
            kind: .decoding, message: "the answer cannot be read: \(problem)", httpStatus: outcome.status,
            requestId: outcome.requestId, outcomeUnknown: request.hasEffect)
    }
}
