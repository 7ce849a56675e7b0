import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Stripe

/// One attempt to deliver one event.
struct WebhookRequest: Sendable {
    struct Outcome: Sendable {
        var status: Int?
        var error: String?
        var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }
    }

    var url: String
    var body: String
    var secret: String

    func send(client: HTTPClient, timeout: Duration) async -> Outcome {
        let payload = Array(body.utf8)
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json; charset=utf-8")
        request.headers.add(name: "user-agent", value: "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        let signature = StripeWebhook.sign(
            payload: payload, secret: secret, timestamp: Int64(Date().timeIntervalSince1970))
        request.headers.add(name: "stripe-signature", value: signature)
        request.body = .bytes(ByteBuffer(bytes: payload))
        do {
            let answer = try await client.execute(request, deadline: .now() + TimeAmount(timeout))
            // The status decides; the body is read only so that the connection can be used again.
            _ = try? await answer.body.collect(upTo: 64 * 1024)
            let status = Int(answer.status.code)
            return Outcome(status: status, error: (200..<300).contains(status) ? nil : "HTTP \(status)")
        } catch {
            return Outcome(error: String(describing: error))
        }
    }
}
