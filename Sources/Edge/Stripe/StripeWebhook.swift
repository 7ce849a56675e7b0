internal import Crypto
public import FoundationEssentials

/// Signs and checks webhook deliveries.
///
/// `Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`; each `v1` is HMAC-SHA256 over `<t>.<raw body>` with the
/// whole secret (`whsec_` included) as the key. Two signatures come while a secret is being replaced.
/// Source: docs.stripe.com/webhooks/signature.
public enum StripeWebhook {
    public enum VerificationError: Error, Sendable, Hashable {
        case missingSecret
        /// The header is absent, unreadable, or has no `t` or no `v1`.
        case malformedHeader
        /// No signature fits: the body was edited, or the secret is another one.
        case noMatchingSignature
        case tooOld
        case inTheFuture
        /// The signature is right but the body is not an event; the text says why.
        case malformedPayload(String)
    }

    /// Checks a delivery and reads its event.
    /// - Parameters:
    ///   - payload: the body exactly as it arrived; parsing and writing it again breaks the signature.
    ///   - signatureHeader: the value of `Stripe-Signature`.
    ///   - secret: the endpoint's signing secret, `whsec_…`.
    ///   - tolerance: how far the signed time may be from `now`, in either direction.
    public static func verify(
        payload: [UInt8], signatureHeader: String, secret: String, tolerance: Duration = .seconds(300),
        now: Date = Date()
    ) throws(VerificationError) -> StripeEvent {
        try verifySignature(
            payload: payload, signatureHeader: signatureHeader, secret: secret, tolerance: tolerance, now: now)
        return try event(from: payload)
    }

    /// Checks a delivery without reading its body.
    public static func verifySignature(
        payload: [UInt8], signatureHeader: String, secret: String, tolerance: Duration = .seconds(300),
        now: Date = Date()
    ) throws(VerificationError) {
        guard !secret.isEmpty else { throw .missingSecret }
        let header = try SignatureHeader(signatureHeader)
        let signer = signer(payload: payload, timestamp: header.timestamp, secret: secret)
        let matches = header.signatures.reduce(false) { found, signature in
            // Every candidate is compared, so that the time taken does not tell which one fits.
            let fits = HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: signer.message, using: signer.key)
            return fits || found
        }
        guard matches else { throw .noMatchingSignature }
        let age = now.timeIntervalSince1970 - Double(header.timestamp)
        let limit = Double(tolerance.components.seconds)
        if age > limit { throw .tooOld }
        if age < -limit { throw .inTheFuture }
    }

    /// Reads the event of a delivery that was verified before.
    public static func event(from payload: [UInt8]) throws(VerificationError) -> StripeEvent {
        do {
            return try JSONDecoder().decode(StripeEvent.self, from: Data(payload))
        } catch let error as DecodingError {
            throw .malformedPayload(error.oneLine)
        } catch {
            throw .malformedPayload("not JSON")
        }
    }

    /// The value of `Stripe-Signature` for a delivery.
    /// - Parameter timestamp: seconds since 1970.
    public static func sign(payload: [UInt8], secret: String, timestamp: Int64) -> String {
        let signer = signer(payload: payload, timestamp: timestamp, secret: secret)
        let code = HMAC<SHA256>.authenticationCode(for: signer.message, using: signer.key)
        return "t=\(timestamp),v1=\(Hexadecimal.text(code))"
    }

    private static func signer(
        payload: [UInt8], timestamp: Int64, secret: String
    ) -> (message: [UInt8], key: SymmetricKey) {
        (Array("\(timestamp).".utf8) + payload, SymmetricKey(data: Array(secret.utf8)))
    }
}
