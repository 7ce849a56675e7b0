/// The page on which a customer completes or fails 3-D Secure.
struct ThreeDSecurePage: Sendable {
    var intent: IntentRecord

    var html: String {
        let action = "/3ds/\(intent.id)"
        let content =
            intent.status == .requiresAction
            ? """
            <form method="post" action="\(action)/complete"><button>Complete authentication</button></form>
            <form method="post" action="\(action)/fail"><button>Fail authentication</button></form>
            """
            : "<p>This payment is \(intent.status.rawValue); there is nothing to do.</p>"
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>3-D Secure (simulated)</title></head>
            <body style="font-family: sans-serif; max-width: 30em; margin: 4em auto">
            <h1>3-D Secure</h1>
            <p>A simulated bank asks: is this payment of \(intent.amount) \(intent.currency) minor units yours?</p>
            \(content)
            </body></html>

            """
    }

    /// Where the browser goes back to, with what Stripe appends; nil when the intent has nowhere.
    var returnURL: String? {
        guard let url = intent.returnURL, StripeSimulator.Configuration.isHTTP(url) else { return nil }
        let status = intent.status == .succeeded || intent.status == .requiresCapture ? "succeeded" : "failed"
        let separator = url.contains("?") ? "&" : "?"
        return "\(url)\(separator)payment_intent=\(intent.id)"
            + "&payment_intent_client_secret=\(intent.clientSecret)&redirect_status=\(status)"
    }
}
