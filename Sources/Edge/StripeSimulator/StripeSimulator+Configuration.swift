extension StripeSimulator {
    public struct Configuration: Sendable {
        /// Address to listen on. Default 127.0.0.1.
        public var host = "127.0.0.1"
        /// 0 takes a free port.
        public var port: Int
        /// The only key that is accepted.
        public var apiKey: String
        /// Signs the webhooks.
        public var webhookSecret: String
        /// Where events are sent; nil: nowhere, until `POST /sim/webhooks` names a place.
        public var webhookURL: String?
        /// Types that are sent; nil: all.
        public var webhookEvents: Set<String>?
        /// Attempts to deliver one event, with waits of 0.5 s doubled up to 60 s between them. Default 10.
        public var webhookAttempts = 10
        /// Journal that is read at the start and appended to; nil: everything is forgotten at the end.
        public var stateFile: String?
        /// How slow banks are: pending refunds and bank debits. Default 1 s.
        public var settlementDelay: Duration = .seconds(1)
        /// How clients reach the simulator, for links in answers; nil: its own host and port.
        public var publicURL: String?
        /// Open connections beyond this many wait. Default 1,024.
        public var maxConnections = 1_024

        public init(port: Int, apiKey: String, webhookSecret: String) {
            self.port = port
            self.apiKey = apiKey
            self.webhookSecret = webhookSecret
        }

        static func isHTTP(_ url: String) -> Bool {
            (url.hasPrefix("http://") || url.hasPrefix("https://"))
                && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }

        /// Clients cannot connect to the address that means all addresses.
        func url(port: Int) -> String { "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)" }

        func check() throws(StripeSimulatorError) {
            guard !apiKey.isEmpty else { throw .invalidConfiguration("the API key is empty") }
            guard !webhookSecret.isEmpty else { throw .invalidConfiguration("the webhook secret is empty") }
            guard (0...65_535).contains(port) else { throw .invalidConfiguration("\(port) is not a port") }
            if let webhookURL, !Self.isHTTP(webhookURL) {
                throw .invalidConfiguration("\(webhookURL) is not an http or https URL")
            }
        }
    }
}
