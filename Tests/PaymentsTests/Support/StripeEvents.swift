import Foundation
import JSON
import Stripe
import StripeTesting

extension StripeSide {
    /// What happened at Stripe, as it delivers it.
    struct Delivery: Sendable {
        let id: String
        let type: String
        let body: [UInt8]

        /// - Parameter now: when it is delivered, in seconds since 1970; Stripe signs every delivery anew.
        func signature(now: Int64) -> String {
            StripeWebhook.sign(payload: body, secret: StripeSide.webhookSecret, timestamp: now)
        }
    }

    /// The events about one intent, the earliest first.
    func events(about intent: String) async throws -> [Delivery] {
        let list = try JSONReader.parse(Array(try await send("GET", "/v1/events?limit=100").utf8))
        return (list["data"]?.array ?? []).reversed().compactMap { event in
            let object = event["data"]?["object"]
            guard object?["id"]?.string == intent || object?["payment_intent"]?.string == intent,
                let id = event["id"]?.string, let type = event["type"]?.string
            else { return nil }
            return Delivery(id: id, type: type, body: event.bytes)
        }
    }
}
