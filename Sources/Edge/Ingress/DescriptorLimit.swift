#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// For what is no client's connection: the broker's, logs, listening sockets, what the runtime opens.
    private static let reserve = 64

    /// Takes all that the system grants.
    /// - Returns: how many connections of clients that leaves room for.
    static func raise() -> Int {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return reserve }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return max(1, Int(clamping: limit.rlim_cur) - reserve)
    }
}
