import LocalServers

/// Whether an HTTP server of the fleet answers.
package enum Readiness {
    /// The status code that `GET path` on the loopback address gets; nil when there is no answer within half a second.
    @concurrent
    package static func httpStatus(port: Int, path: String) async -> Int? {
        let hello = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
        guard let answer = Ports.greeting(port, hello: hello, limitMilliseconds: 500) else { return nil }
        let words = answer.prefix(16).split(separator: " ")
        return words.count > 1 && words[0].hasPrefix("HTTP/1.") ? Int(words[1]) : nil
    }
}
