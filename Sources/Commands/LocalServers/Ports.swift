import Glibc

/// TCP ports of the loopback address.
package enum Ports {
    /// A port that nobody listens on at this moment.
    ///
    /// It lies below the range from which the kernel takes ports of outgoing connections, so that no client's connection
    /// (its own attempts to reconnect included) can take it while a server restarts.
    package static func free() throws(LocalServerError) -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 15_000..<32_000)
            if isFree(port) { return port }
        }
        throw LocalServerError(.portTaken, "no free TCP port between 15000 and 32000")
    }

    /// The wanted port, which must be free, else the preferred one when it is free, else any free one.
    package static func pick(
        _ wanted: Int?, preferred: Int? = nil, for name: String
    ) throws(LocalServerError) -> Int {
        if let wanted {
            guard isFree(wanted) else { throw LocalServerError(.portTaken, "port \(wanted) for \(name) is taken") }
            return wanted
        }
        if let preferred, isFree(preferred) { return preferred }
        return try free()
    }

    package static func isFree(_ port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return withLoopback(port) { bind(socket, $0, $1) == 0 }
    }

    /// Connects, says `hello` and returns the first bytes of the answer, at most 4 KiB; nil when there is none within
    /// `limitMilliseconds`. Blocks.
    package static func greeting(_ port: Int, hello: String = "", limitMilliseconds: Int = 1000) -> String? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var limit = timeval(tv_sec: limitMilliseconds / 1000, tv_usec: limitMilliseconds % 1000 * 1000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard withLoopback(port, { connect(socket, $0, $1) == 0 }) else { return nil }
        let bytes = Array(hello.utf8)
        guard bytes.isEmpty || send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    private static func withLoopback<T>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
