/// A header of an HTTP request that the ingress passes on to a worker.
public enum ForwardedHeader {
    /// Whether this one is the connection's or the fleet's own. A client that could set those would speak in another's
    /// name.
    public static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return reserved.contains(name) || name.hasPrefix("flotilla-") || name.hasPrefix("nats-")
    }

    private static let reserved: Set = [
        "authorization", "connection", "content-length", "cookie", "host", "idempotency-key", "keep-alive",
        "proxy-authorization", "proxy-connection", "te", "traceparent", "trailer", "transfer-encoding", "upgrade",
    ]
}
