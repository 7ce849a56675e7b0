import Contracts
import NATS
import NIOCore

/// Where a client is, and what it calls itself.
struct Visitor {
    /// What a proxy of ours says of the address; nil when there is none.
    let forwarded: String?
    let agent: String?

    /// - Parameters:
    ///   - proxies: how many proxies of ours stand before the ingress. Each appends the address that it was called from, so
    ///     what is further left was written by the client, and counts for nothing.
    ///   - forwardedFor: the values of `X-Forwarded-For`, in order.
    init(_ headers: RequestHeaders, proxies: Int, forwardedFor: @autoclosure () -> [String]) {
        forwarded = proxies > 0 ? Self.address(behind: proxies, forwardedFor()) : nil
        agent = headers.userAgent.flatMap(Self.printable)
    }

    private static func address(behind proxies: Int, _ values: [String]) -> String? {
        let hops = values.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
        guard hops.count >= proxies else { return nil }
        let text = String(hops[hops.count - proxies].filter { $0 != " " && $0 != "\t" })
        return (try? SocketAddress(ipAddress: text, port: 0))?.ipAddress
    }

    /// Cut, and free of what no header may hold; nil when nothing is left.
    private static func printable(_ agent: String) -> String? {
        let bytes = agent.utf8.filter { (0x20...0x7e).contains($0) }.prefix(CallerDetail.agentLimit)
        // No value of a header begins or ends with a space.
        let isSpace = { (byte: UInt8) in byte == 0x20 }
        guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return nil }
        return String(decoding: bytes[...last].drop(while: isSpace), as: UTF8.self)
    }

    func headers(peer: SocketAddress?, session: String?) -> NATSHeaders {
        var headers = NATSHeaders()
        if let client = forwarded ?? peer?.ipAddress { headers.append(CallerDetail.client, client) }
        if let agent { headers.append(CallerDetail.agent, agent) }
        if let session { headers.append(CallerDetail.session, session) }
        return headers
    }
}
