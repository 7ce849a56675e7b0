import Glibc
import Synchronization

/// A server that says what a test wants it to say, byte by byte: for what a real one does only at the worst moment.
///
/// `@unchecked Sendable`: the descriptors are set before its thread starts.
final class FakeServer: @unchecked Sendable {
    /// One accepted connection, used on the server's thread only.
    struct Peer {
        let descriptor: Int32

        func send(_ text: String) {
            let bytes = Array(text.utf8)
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        /// The next line without its end; nil when the client has gone.
        func line() -> String? {
            var bytes: [UInt8] = []
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) == 1 {
                if byte == UInt8(ascii: "\n") { return String(decoding: bytes.dropLast(), as: UTF8.self) }
                bytes.append(byte)
            }
            return nil
        }

        /// Reads lines until one begins with `start`.
        func line(startingWith start: String) -> String? {
            while let line = line() {
                if line.hasPrefix(start) { return line }
            }
            return nil
        }

        func greet() {
            send(
                #"INFO {"server_id":"fake","version":"2.9.10","proto":1,"headers":true,"max_payload":1048576}"# + "\r\n"
            )
            _ = line(startingWith: "PING")
        }

        func acceptLogin() {
            greet()
            send("PONG\r\n")
        }
    }

    let port: UInt16
    var url: String { "nats://127.0.0.1:\(port)" }
    private let listener: Int32

    /// Calls one of `scripts` for each connection, in order, and closes the connection after it.
    init(_ scripts: [@Sendable (Peer) -> Void]) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 8)
                _ = getsockname(listener, $0, &length)
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        let box = Unmanaged.passRetained(Box { Self.serve(listener, scripts) })
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private final class Box {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private static func serve(_ listener: Int32, _ scripts: [@Sendable (Peer) -> Void]) {
        for script in scripts {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            script(Peer(descriptor: descriptor))
            close(descriptor)
        }
        close(listener)
    }
}
