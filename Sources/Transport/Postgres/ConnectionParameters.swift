import CPostgres

#if canImport(Glibc)
    import Glibc
#endif

/// A checked URL and the session settings, as the keyword list that libpq connects with.
struct ConnectionParameters: Sendable {
    private(set) var keywords: [String]
    private(set) var values: [String]
    /// `host:port/database`, for messages.
    let target: String

    /// - Throws: ``PostgresError/Code/configuration`` with one line that says what is wrong and quotes no credentials.
    init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        var given = try Self.parse(configuration.url)
        let database = given["dbname"].map { "/" + $0 } ?? ""
        target = "\(given["host"] ?? given["hostaddr"] ?? "local socket"):\(given["port"] ?? "5432")\(database)"

        let defaults: [(String, String)] = [
            ("application_name", configuration.applicationName),
            ("client_encoding", "UTF8"),
            // Looking for Kerberos credentials costs file accesses and a round trip; a URL may still ask for it.
            ("gssencmode", "disable"),
            ("keepalives", "1"),
            ("keepalives_idle", String(max(1, configuration.keepaliveIdle.milliseconds / 1_000))),
            ("keepalives_interval", String(max(1, configuration.keepaliveInterval.milliseconds / 1_000))),
            ("keepalives_count", String(configuration.keepaliveCount)),
            ("tcp_user_timeout", String(configuration.tcpUserTimeout.milliseconds)),
        ]
        for (keyword, value) in defaults where given[keyword] == nil { given[keyword] = value }
        // The last setting of a name wins: what the URL says stays above what the configuration says.
        let options = [Self.options(configuration), given["options"] ?? ""].filter { !$0.isEmpty }
        if !options.isEmpty { given["options"] = options.joined(separator: " ") }

        let sorted = given.sorted { $0.key < $1.key }
        keywords = sorted.map(\.key)
        values = sorted.map(\.value)
    }

    subscript(_ keyword: String) -> String? {
        get { keywords.firstIndex(of: keyword).map { values[$0] } }
        set {
            if let index = keywords.firstIndex(of: keyword) {
                keywords.remove(at: index)
                values.remove(at: index)
            }
            if let newValue {
                keywords.append(keyword)
                values.append(newValue)
            }
        }
    }

    /// Starts a connection; the caller owns what is returned, also when it is in a failed state.
    func start() -> OpaquePointer? {
        let names = keywords.map { strdup($0) }
        let settings = values.map { strdup($0) }
        defer {
            for pointer in names { free(pointer) }
            for pointer in settings { free(pointer) }
        }
        var nameList = names.map { UnsafePointer<CChar>($0) }
        var valueList = settings.map { UnsafePointer<CChar>($0) }
        nameList.append(nil)
        valueList.append(nil)
        return PQconnectStartParams(nameList, valueList, 0)
    }

    /// The `options` keyword: `-c name=value …`, with backslashes before spaces and backslashes.
    private static func options(_ configuration: PostgresConfiguration) -> String {
        var settings: [(String, String)] = [("TimeZone", "UTC")]
        func add(_ name: String, _ value: Duration?) {
            if let value { settings.append((name, String(value.milliseconds))) }
        }
        add("statement_timeout", configuration.statementTimeout)
        add("lock_timeout", configuration.lockTimeout)
        add("idle_in_transaction_session_timeout", configuration.idleInTransactionTimeout)
        add("client_connection_check_interval", configuration.clientCheckInterval)
        settings += configuration.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return settings.map { name, value in
            var escaped = ""
            for character in value {
                if character == " " || character == "\\" { escaped.append("\\") }
                escaped.append(character)
            }
            return "-c \(name)=\(escaped)"
        }.joined(separator: " ")
    }

    private static func parse(_ url: String) throws(PostgresError) -> [String: String] {
        let isURL = url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
        guard isURL || url.contains("=") && !url.contains("://") else {
            throw PostgresError(
                .configuration, "not a Postgres URL: it must look like postgres://user:password@host:port/database")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            throw PostgresError(.configuration, "bad Postgres URL: \(redacted(PostgresError.firstLine(message)))")
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        for port in (given["port"] ?? "").split(separator: ",") where !(UInt16(port).map { $0 > 0 } ?? false) {
            throw PostgresError(.configuration, "bad Postgres URL: the port must be a number from 1 to 65535")
        }
        return given
    }

    /// libpq quotes the part it stumbled over, which may be the password: no quotation longer than a character stays.
    static func redacted(_ message: String) -> String {
        let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count > 2 else { return message }
        // A quoted text may itself contain quotes: everything from the first to the last one goes, unless all are short.
        let quoted = parts.dropFirst().dropLast()
        if quoted.enumerated().allSatisfy({ $0.offset % 2 == 1 || $0.element.count <= 1 }) { return message }
        return "\(parts[0])\"…\"\(parts[parts.count - 1])"
    }
}
