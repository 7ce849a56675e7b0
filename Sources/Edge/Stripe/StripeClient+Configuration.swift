extension StripeClient {
    public struct Configuration: Sendable {
        /// Scheme, host and port, without a path. Default `https://api.stripe.com`.
        public var baseURL: String
        /// Secret key, `sk_…`. Never logged.
        public var apiKey: String
        /// Sent as `Stripe-Version`, so that an upgrade of the account does not change the answers.
        public var apiVersion = "2025-03-31.basil"
        /// For one connection to be made. Default 3 s.
        public var connectTimeout: Duration = .seconds(3)
        /// For one attempt, from its start to the last byte of the answer. Default 20 s.
        public var requestTimeout: Duration = .seconds(20)
        public var retries = RetryPolicy()
        /// Calls beyond this many wait for a connection. Default 16.
        public var maxConnections = 16
        /// An unused connection is closed after this long. Default 20 s.
        public var idleTimeout: Duration = .seconds(20)

        public init(baseURL: String = "https://api.stripe.com", apiKey: String) {
            self.baseURL = baseURL
            self.apiKey = apiKey
        }

        /// What would make every call fail; the text holds no secret.
        var problem: String? {
            if !baseURL.hasPrefix("http://"), !baseURL.hasPrefix("https://") {
                return "the base URL is not http or https"
            }
            if !Self.isPrintable(apiKey) { return "the API key is empty or has characters that no key has" }
            return Self.isPrintable(apiVersion) ? nil : "the API version is empty or has characters that no version has"
        }

        private static func isPrintable(_ text: String) -> Bool {
            !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }
}
