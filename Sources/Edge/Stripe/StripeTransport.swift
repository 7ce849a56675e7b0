internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One attempt of one call.
struct StripeTransport: Sendable {
    private let client: HTTPClient
    private let configuration: StripeClient.Configuration

    /// A page of 100 intents is about 300 KiB.
    static let answerLimitBytes = 4 * 1024 * 1024

    struct Outcome: Sendable {
        var result: Result<[UInt8], StripeError>
        var status: Int?
        var requestId: String?
        var advice = RetryPolicy.Advice()
    }

    init(group: MultiThreadedEventLoopGroup, configuration: StripeClient.Configuration) {
        var options = HTTPClient.Configuration()
        options.redirectConfiguration = .disallow
        options.timeout.connect = TimeAmount(configuration.connectTimeout)
        options.connectionPool.idleTimeout = TimeAmount(configuration.idleTimeout)
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, configuration.maxConnections)
        // The client retries itself, within the caller's deadline.
        options.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: group, configuration: options)
        self.configuration = configuration
    }

    func shutdown() async {
        // The only error is that it was shut down before.
        try? await client.shutdown()
    }

    func exchange(_ request: StripeRequest, deadline: ContinuousClock.Instant) async -> Outcome {
        let remaining = min(deadline - .now, configuration.requestTimeout)
        guard remaining > .zero else {
            let error = StripeError(kind: .timeout, message: "the deadline passed before the call was sent")
            return Outcome(result: .failure(error), advice: .init(shouldRetry: false))
        }
        var outcome = Outcome(result: .success([]))
        do {
            let answer = try await client.execute(
                httpRequest(request), deadline: .now() + TimeAmount(remaining), logger: nil)
            let status = Int(answer.status.code)
            outcome.status = status
            outcome.requestId = answer.headers.first(name: "request-id")
            outcome.advice = Self.advice(answer.headers)
            let body = Array(try await answer.body.collect(upTo: Self.answerLimitBytes).readableBytesView)
            if !(200..<300).contains(status) {
                let error = StripeError(
                    status: status, body: body, requestId: outcome.requestId, hasEffect: request.hasEffect)
                outcome.result = .failure(error)
            } else {
                outcome.result = .success(body)
            }
        } catch {
            outcome.result = .failure(
                StripeError(transport: error, status: outcome.status, hasEffect: request.hasEffect))
        }
        return outcome
    }

    private func httpRequest(_ request: StripeRequest) -> HTTPClientRequest {
        var http = HTTPClientRequest(url: configuration.baseURL + request.path)
        http.headers.add(name: "authorization", value: "Bearer \(configuration.apiKey)")
        http.headers.add(name: "stripe-version", value: configuration.apiVersion)
        http.headers.add(name: "user-agent", value: "flotilla")
        if let key = request.idempotencyKey {
            http.method = .POST
            http.headers.add(name: "idempotency-key", value: key)
            http.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            http.body = .bytes(ByteBuffer(string: request.form.text))
        } else if !request.form.isEmpty {
            http.url += "?" + request.form.text
        }
        return http
    }

    private static func advice(_ headers: HTTPHeaders) -> RetryPolicy.Advice {
        let shouldRetry = headers.first(name: "stripe-should-retry").flatMap { Bool($0) }
        let seconds = headers.first(name: "retry-after").flatMap { Int64($0) }
        return .init(
            shouldRetry: shouldRetry,
            retryAfter: seconds.flatMap { (0...3600).contains($0) ? .seconds($0) : nil })
    }
}
