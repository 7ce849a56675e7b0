import FoundationEssentials
import Testing

@testable import Stripe

@Suite("A webhook's signature")
struct WebhookSignatureTests {
    private static let secret = "whsec_test"
    private static let signedAt: Int64 = 1_700_000_000
    private static let payload = Array(
        #"""
        {"id":"evt_1","object":"event","type":"payment_intent.succeeded","created":1700000000,
        "data":{"object":{"object":"x"}}}
        """#.utf8)
    private static let good = StripeWebhook.sign(payload: payload, secret: secret, timestamp: signedAt)
    private static var hex: Substring { good.split(separator: "=")[2] }

    private func verify(
        _ header: String, payload: [UInt8] = Self.payload, secret: String = Self.secret, after seconds: Int64 = 0
    ) throws {
        _ = try StripeWebhook.verify(
            payload: payload, signatureHeader: header, secret: secret,
            now: Date(timeIntervalSince1970: Double(Self.signedAt + seconds)))
    }

    @Test("is HMAC-SHA256 over time and body")
    func known() {
        // Computed with openssl dgst -sha256 -hmac whsec_test over "1.{}".
        #expect(
            StripeWebhook.sign(payload: Array("{}".utf8), secret: "whsec_test", timestamp: 1)
                == "t=1,v1=7500d5d4be4b3ef07af1fe56f7d522d135cdaa7530de557e67cc1049c52de094")
    }

    @Test("fits the body that was signed, up to 300 s before and after")
    func accepted() throws {
        for seconds: Int64 in [0, 300, -300] { try verify(Self.good, after: seconds) }
    }

    @Test("fits when any of several does, whatever other schemes say")
    func several() throws {
        let wrong = String(repeating: "0", count: 64)
        try verify("t=\(Self.signedAt),v1=\(wrong),v1=\(Self.hex)")
        try verify("t=\(Self.signedAt),v1=\(Self.hex),v1=\(wrong),v0=abc")
        try verify("v1=\(Self.hex), t=\(Self.signedAt)")
        try verify("t=\(Self.signedAt),v1=nothex,v1=\(Self.hex)")
    }

    @Test("does not fit an edited body, another secret or another time")
    func edited() {
        var payload = Self.payload
        payload[10] ^= 1
        #expect(throws: StripeWebhook.VerificationError.noMatchingSignature) { try verify(Self.good, payload: payload) }
        #expect(throws: StripeWebhook.VerificationError.noMatchingSignature) {
            try verify(Self.good, secret: "whsec_x")
        }
        #expect(throws: StripeWebhook.VerificationError.noMatchingSignature) {
            try verify("t=\(Self.signedAt + 1),v1=\(Self.hex)")
        }
        #expect(throws: StripeWebhook.VerificationError.noMatchingSignature) { try verify("t=\(Self.signedAt),v1=zz") }
        #expect(throws: StripeWebhook.VerificationError.noMatchingSignature) {
            try verify("t=\(Self.signedAt),v1=\(Self.hex.dropLast(2))")
        }
    }

    @Test("is refused when it is old or from the future")
    func time() {
        #expect(throws: StripeWebhook.VerificationError.tooOld) { try verify(Self.good, after: 301) }
        #expect(throws: StripeWebhook.VerificationError.inTheFuture) { try verify(Self.good, after: -301) }
    }

    @Test("is refused without a secret")
    func secretless() {
        #expect(throws: StripeWebhook.VerificationError.missingSecret) { try verify(Self.good, secret: "") }
    }

    @Test(
        "is refused when its header is malformed",
        arguments: [
            "", "v1=\(hex)", "t=\(signedAt)", "t=,v1=\(hex)", "t=-1,v1=\(hex)", "t=1e9,v1=\(hex)",
            "t=99999999999999999999,v1=\(hex)", "t=\(signedAt),t=\(signedAt),v1=\(hex)", "nonsense",
            "t=\(signedAt),v0=\(hex)",
            "t=\(signedAt)," + String(repeating: "v1=00,", count: 17), String(repeating: "x", count: 5000),
        ])
    func malformed(_ header: String) {
        #expect(throws: StripeWebhook.VerificationError.malformedHeader) { try verify(header) }
    }

    @Test("may be right on a body that is no event", arguments: ["", "[]", "{}", #"{"id":1}"#, "\u{FEFF}{}"])
    func noEvent(_ body: String) throws {
        let payload = Array(body.utf8)
        let header = StripeWebhook.sign(payload: payload, secret: Self.secret, timestamp: Self.signedAt)
        let error = #expect(throws: StripeWebhook.VerificationError.self) { try verify(header, payload: payload) }
        guard case .malformedPayload = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
