import CCurl
import Crypto
import FoundationEssentials
import Worker

/// One message as a signed request: `Flotilla-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, as Stripe signs.
struct WebhookRequest: Sendable {
    let settings: WebhookSettings
    let letter: Letter

    /// Blocks until it was answered or the time is over.
    func run(_ handle: CurlHandle, _ flag: StopFlag) -> DeliveryOutcome {
        let body = self.body
        let headers = [
            "Content-Type: application/json", "Expect:", "User-Agent: Flotilla",
            // What was asked for again is another message.
            "Idempotency-Key: \(letter.message.id.text)\(letter.message.turn)",
            "Flotilla-Signature: \(Self.signature(of: body, secret: settings.secret, at: Timestamp.now().seconds))",
        ]
        let ending = handle.perform(body, stop: flag) { options in
            options.set(CURLOPT_URL, settings.url)
            options.set(CURLOPT_PROTOCOLS_STR, "http,https")
            options.set(CURLOPT_POST, 1)
            options.set(CURLOPT_POSTFIELDSIZE, body.count)
            options.set(CURLOPT_HTTPHEADER, headers)
            options.set(CURLOPT_CONNECTTIMEOUT_MS, settings.limit.milliseconds / 2)
            options.set(CURLOPT_TIMEOUT_MS, settings.limit.milliseconds)
            if let authorities = settings.authorities { options.set(CURLOPT_CAINFO, authorities) }
        }
        if let failure = ending.failure { return .failed(reason: failure.text) }
        return Self.outcome(status: ending.status)
    }

    /// Redirects are not followed: what is signed goes where it was meant to go.
    static func outcome(status: Int) -> DeliveryOutcome {
        switch status {
        case 200...299: .sent
        case 408, 429: .failed(reason: "answered \(status)")
        case 400...499: .refused(reason: "answered \(status)")
        default: .failed(reason: "answered \(status)")
        }
    }

    static func signature(of body: [UInt8], secret: String, at seconds: Int64) -> String {
        let signed = Array("\(seconds).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Array(secret.utf8)))
        return "t=\(seconds),v1=\(code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())"
    }

    private var body: [UInt8] {
        let message = letter.message
        return JSONWriter.object { json in
            json.field("id", message.id)
            json.field("eventId", message.eventId)
            json.field("template", message.templateName)
            json.field("userId", message.userId)
            json.fieldIfPresent("orderId", message.orderId)
            json.field("subject", message.subject)
            json.field("text", letter.words.text)
            json.field("createdAt", message.createdAt)
        }
    }
}
