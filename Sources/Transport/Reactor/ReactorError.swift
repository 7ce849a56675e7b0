#if canImport(Glibc)
    import Glibc
#endif

/// A system call of the reactor that failed.
public struct ReactorError: Error, CustomStringConvertible {
    /// The call, for example `epoll_ctl`.
    public let call: String
    /// The value of `errno`.
    public let code: Int32

    public var description: String {
        "\(call) failed: \(String(cString: strerror(code)))"
    }
}
