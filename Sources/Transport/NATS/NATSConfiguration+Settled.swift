extension NATSConfiguration {
    /// The configuration as a connection uses it: user and password taken out of the URLs and decoded, the inbox prefix
    /// filled in. Settling it twice changes nothing.
    ///
    /// - Throws: `.configuration` for a URL that cannot be read, for URLs that do not agree on who logs in, and when both a
    ///   URL and `credentials` say it. No password is in the message.
    public func settled() throws(NATSError) -> NATSConfiguration {
        var result = self
        result.urls = []
        var logins: Set<Credentials> = []
        for url in urls {
            let address = try ServerAddress(url)
            result.urls.append(address.url)
            logins.insert(address.credentials)
        }
        guard logins.count <= 1 else {
            throw NATSError(.configuration, "the NATS URLs do not have the same user and password")
        }
        if let login = logins.first, login != .none {
            guard credentials == .none else {
                throw NATSError(.configuration, "who logs in to NATS is said twice: in the URL and beside it")
            }
            result.credentials = login
        }
        if result.inboxPrefix == nil { result.inboxPrefix = Self.inboxPrefix(of: result.user) }
        return result
    }

    /// Who logs in with a password; nil for other kinds of credentials. Of a settled configuration.
    public var user: String? {
        if case .user(let user, _) = credentials { user } else { nil }
    }

    /// `_INBOX_<user>`, the one that the permissions of a user allow; `_INBOX` for others, and for names that are no token.
    private static func inboxPrefix(of user: String?) -> String {
        guard let user, SubjectToken.isValid(user) else { return "_INBOX" }
        return "_INBOX_\(user)"
    }
}
