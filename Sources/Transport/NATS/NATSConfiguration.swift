/// How to reach NATS and what to expect of it. All waits are bounded.
public struct NATSConfiguration: Sendable {
    /// Proof of who connects. Only one kind; user or token also possible inside the URLs (`nats://user:password@host`, with
    /// percent-escapes).
    public enum Credentials: Sendable, Hashable {
        case none
        case user(String, password: String)
        case token(String)
        /// A `.creds` file with a JWT and a seed.
        case file(String)
        /// A public key and the file that holds its seed.
        case nkey(publicKey: String, seedFile: String)
    }

    /// Files in PEM format. Server and host name are always verified.
    public struct TLS: Sendable {
        /// Certificates of the authority that signed the server's; nil uses the system's.
        public var authorityFile: String?
        /// The client's certificate (chain) and key, for servers that verify clients.
        public var certificateFile: String?
        public var keyFile: String?
        /// The name in the server's certificate, when it is not the host of the URL.
        public var serverName: String?

        public init(
            authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
            serverName: String? = nil
        ) {
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.serverName = serverName
        }
    }

    /// Servers of one cluster, tried in random order.
    public var urls: [String]
    /// Shown by the server's monitoring.
    public var name: String
    public var credentials: Credentials = .none
    /// Nil connects in the clear unless a URL says `tls://`.
    public var tls: TLS?
    /// First part of this process's reply subjects; private to one user where permissions keep users apart. Nil takes
    /// `_INBOX_<user>` for a user with a password, and `_INBOX` for everybody else.
    public var inboxPrefix: String?

    /// How long the first connection may take in all, and how long one attempt at one server may take.
    public var connectTimeout: Duration = .seconds(10)
    public var attemptTimeout: Duration = .seconds(2)
    /// A broken connection is made again for ever: the waits double between these two, shortened at random by up to half.
    public var reconnectWait: Duration = .milliseconds(50)
    public var maximumReconnectWait: Duration = .seconds(2)
    /// The server is asked for a sign of life after this long without one; after `maximumPingsOut` unanswered ones the
    /// connection counts as broken.
    public var pingInterval: Duration = .seconds(5)
    public var maximumPingsOut = 2
    /// How long the server may refuse bytes before the connection counts as broken.
    public var writeDeadline: Duration = .seconds(2)

    /// Bytes that may wait for a server that takes none; beyond that, publishing throws `.overloaded`.
    public var maximumBytesPending = 16 * 1_024 * 1_024
    /// Requests without an answer at one time; beyond that, requests throw `.overloaded`.
    public var maximumRequestsPending = 65_536

    public init(urls: [String], name: String = "flotilla") {
        self.urls = urls
        self.name = name
    }

    public init(url: String, name: String = "flotilla") {
        self.init(urls: url.split(separator: ",").map { String($0.trimmingSpaces) }, name: name)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
