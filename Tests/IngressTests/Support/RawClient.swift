import Glibc
import Reactor

/// A client that sends bytes as they are: what no HTTP client library would send.
struct RawClient: Sendable {
    let descriptor: Int32

    /// Calls of the system that block happen here.
    private static let threads = BlockingPool(name: "raw", threads: 64, queueLimit: 1024)

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    static func connect(port: Int) async throws -> RawClient {
        try await threads.run {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
            var patience = timeval(tv_sec: 60, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard status == 0 else { throw Failure(call: "connect", code: errno) }
            return RawClient(descriptor: descriptor)
        }
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await Self.threads.run {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure(call: "send", code: errno) }
                sent += count
            }
        }
    }

    /// Everything up to the end of the connection.
    func readToEnd() async throws -> String {
        try await Self.threads.run {
            var bytes: [UInt8] = []
            while let more = try receive() { bytes += more }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Everything up to and including `mark`.
    func read(until mark: String) async throws -> String {
        try await Self.threads.run {
            var text = ""
            while !text.contains(mark), let more = try receive() { text += String(decoding: more, as: UTF8.self) }
            return text
        }
    }

    private func receive() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return count == 0 ? nil : Array(buffer[..<count])
    }

    /// Says that nothing more will be sent.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        Glibc.close(descriptor)
    }
}
