import Reactor

#if canImport(Glibc)
    import Glibc
#endif

/// Looks host names up off the reactor: libpq's own look-up blocks the thread that polls.
enum HostResolver {
    /// Returns parameters with the `hostaddr` of each host; `host` stays for certificates and messages.
    @Reactor
    static func resolve(_ parameters: ConnectionParameters) async throws(PostgresError) -> ConnectionParameters {
        guard parameters["hostaddr"] == nil, let list = parameters["host"] else { return parameters }
        let hosts = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard hosts.contains(where: needsLookup) else { return parameters }
        // A socket directory beside names: such a list has no addresses to fill in.
        guard !hosts.contains(where: { $0.isEmpty || $0.hasPrefix("/") || $0.hasPrefix("@") }) else {
            return parameters
        }
        let ports = (parameters["port"] ?? "5432").split(separator: ",").map(String.init)
        guard ports.count == 1 || ports.count == hosts.count else { return parameters }

        var names: [String] = []
        var addresses: [String] = []
        var portList: [String] = []
        for (index, host) in hosts.enumerated() {
            for address in try await lookUp(host) {
                names.append(host)
                addresses.append(address)
                portList.append(ports.count == 1 ? ports[0] : ports[index])
            }
        }
        var resolved = parameters
        resolved["host"] = names.joined(separator: ",")
        resolved["hostaddr"] = addresses.joined(separator: ",")
        resolved["port"] = portList.joined(separator: ",")
        return resolved
    }

    static func needsLookup(_ host: String) -> Bool {
        guard !host.isEmpty, !host.hasPrefix("/"), !host.hasPrefix("@") else { return false }
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, host, &four) != 1 && inet_pton(AF_INET6, host, &six) != 1
    }

    @Reactor
    private static func lookUp(_ host: String) async throws(PostgresError) -> [String] {
        guard needsLookup(host) else { return [host] }
        let outcome: Result<[String], PostgresError>
        do {
            outcome = try await BlockingPool.postgres.run { addresses(of: host) }
        } catch {
            throw .lost("cannot look up host \"\(host)\": \(error)", outcomeUnknown: false)
        }
        return try outcome.get()
    }

    private static func addresses(of host: String) -> Result<[String], PostgresError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let reason = String(cString: gai_strerror(status))
            return .failure(.lost("cannot look up host \"\(host)\": \(reason)", outcomeUnknown: false))
        }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
                == 0
            {
                let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if !found.contains(address) { found.append(address) }
            }
            next = entry.pointee.ai_next
        }
        return .success(found)
    }
}

extension BlockingPool {
    /// Name look-ups and cancel requests of all pools: rare, short, but blocking inside the C libraries.
    static let postgres = BlockingPool(name: "postgres", threads: 2, queueLimit: 64)
}
