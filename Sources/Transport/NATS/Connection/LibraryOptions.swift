import CNats
import Glibc

/// The options of one attempt to connect, all set explicitly.
///
/// libnats' own reconnecting is off, for three reasons found in the source of 3.4.1: with an event loop it keeps the parser's
/// half-read message over a reconnect and completes it with bytes of the new connection; it holds the connection's lock
/// while it connects, so that any call from the reactor would wait for that; and it closes for good on errors like a second
/// refused login. ``NATSConnection`` makes a new one instead. Its ping timer is off as well: it would close the
/// socket on another thread while the reactor reads.
struct LibraryOptions: ~Copyable {
    let pointer: OpaquePointer

    /// The size of one read; TLS needs at least one record (16 KiB), or bytes would stay in OpenSSL unseen.
    private static let readBytes: Int32 = 64 * 1_024

    init() throws(NATSError) {
        var created: OpaquePointer?
        let status = natsOptions_Create(&created)
        guard status == NATS_OK, let created else { throw LibraryStatus.error(status, "libnats") }
        pointer = created
    }

    deinit { natsOptions_Destroy(pointer) }

    /// - Parameter configuration: settled, so that no URL holds a password.
    borrowing func set(_ configuration: NATSConfiguration, attemptTimeout: Duration) throws(NATSError) {
        guard !configuration.urls.isEmpty else { throw NATSError(.configuration, "no NATS URL is configured") }
        try Self.set("URL", Self.setServers(pointer, configuration.urls))
        try Self.set("name", natsOptions_SetName(pointer, LoginText.escaped(configuration.name)))
        try Self.set("timeout", natsOptions_SetTimeout(pointer, attemptTimeout.wholeMilliseconds))
        try Self.set("reconnect", natsOptions_SetAllowReconnect(pointer, false))
        try Self.set("retry", natsOptions_SetRetryOnFailedConnect(pointer, false, nil, nil))
        try Self.set("discovery", natsOptions_SetIgnoreDiscoveredServers(pointer, true))
        try Self.set("ping", natsOptions_SetPingInterval(pointer, 0))
        try Self.set(
            "write deadline", natsOptions_SetWriteDeadline(pointer, configuration.writeDeadline.wholeMilliseconds))
        try Self.set("fail requests", natsOptions_SetFailRequestsOnDisconnect(pointer, true))
        try Self.set("reconnect buffer", natsOptions_SetReconnectBufSize(pointer, 0))
        try Self.set("send asap", natsOptions_SetSendAsap(pointer, true))
        try Self.set("buffer", natsOptions_SetIOBufSize(pointer, Self.readBytes))
        try Self.setCredentials(pointer, configuration.credentials)
        if let tls = configuration.tls { try Self.setTLS(pointer, tls) }
    }

    private static func set(_ what: String, _ status: natsStatus) throws(NATSError) {
        guard status != NATS_OK else { return }
        throw NATSError(.configuration, LibraryStatus.error(status, "NATS \(what)").message)
    }

    private static func setServers(_ options: OpaquePointer, _ urls: [String]) -> natsStatus {
        let copies = urls.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var pointers = copies.map { UnsafePointer($0) }
        return natsOptions_SetServers(options, &pointers, Int32(pointers.count))
    }

    private static func setCredentials(
        _ options: OpaquePointer, _ credentials: NATSConfiguration.Credentials
    ) throws(NATSError) {
        switch credentials {
        case .none: break
        case .user(let user, let password):
            try set("user", natsOptions_SetUserInfo(options, LoginText.escaped(user), LoginText.escaped(password)))
        case .token(let token): try set("token", natsOptions_SetToken(options, LoginText.escaped(token)))
        case .file(let path):
            try check(file: path)
            try set("credentials file", natsOptions_SetUserCredentialsFromFiles(options, path, nil))
        case .nkey(let publicKey, let seedFile):
            try check(file: seedFile)
            try set("nkey", natsOptions_SetNKeyFromSeed(options, publicKey, seedFile))
        }
    }

    /// libnats reads credentials when it connects, and then reports a missing file like any other failure.
    private static func check(file: String) throws(NATSError) {
        guard access(file, R_OK) != 0 else { return }
        throw NATSError(.configuration, "NATS credentials: \(file): \(String(cString: strerror(errno)))")
    }

    private static func setTLS(_ options: OpaquePointer, _ tls: NATSConfiguration.TLS) throws(NATSError) {
        try set("TLS", natsOptions_SetSecure(options, true))
        if let file = tls.authorityFile {
            try set("TLS authority file", natsOptions_LoadCATrustedCertificates(options, file))
        }
        if let certificate = tls.certificateFile, let key = tls.keyFile {
            try set("TLS certificate", natsOptions_LoadCertificatesChain(options, certificate, key))
        }
        if let name = tls.serverName { try set("TLS server name", natsOptions_SetExpectedHostname(options, name)) }
    }
}
