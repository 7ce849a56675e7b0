import Contracts
import NATS
import NIOCore

extension Gateway {
    /// The answer that tells why a request is refused.
    func reply(for refusal: Refusal, exchange: Exchange?) -> HTTPReply {
        let problem = Problem(
            status: refusal.status, slug: refusal.slug, error: refusal.error, detail: refusal.detail,
            errors: refusal.errors, requestID: exchange?.requestID)
        return HTTPReply(
            status: refusal.status, contentType: .problem, headers: refusal.headers, body: .bytes(problem.encoded()))
    }

    /// The answer that a worker gave, or the one that says why none came.
    func reply(for result: ForwardResult, route: Route, exchange: Exchange?) -> HTTPReply {
        switch result {
        case .keysFetched:
            return reply(for: .tokenRefused(.unknownKey), exchange: exchange)
        case .failure(let failure):
            return reply(for: .upstream(failure, bodyLimit: route.bodyLimit), exchange: exchange)
        case .reply(let upstream):
            guard let status = upstream.errorStatus else {
                return HTTPReply(status: route.successStatus, body: .message(upstream.message))
            }
            guard (400...599).contains(status) else {
                return reply(for: .unknownStatus, exchange: exchange)
            }
            let headers = errorHeaders(status, upstream)
            guard upstream.message.count == 0 else {
                return HTTPReply(
                    status: status, contentType: .problem, headers: headers, body: .message(upstream.message))
            }
            let problem = Problem.withoutDocument(status: status, text: upstream.errorText)
            var bare = reply(for: Refusal(problem), exchange: exchange)
            bare.headers = headers
            return bare
        }
    }

    private func errorHeaders(_ status: Int, _ upstream: UpstreamReply) -> [(String, String)] {
        var headers: [(String, String)] = []
        if let seconds = upstream.retryAfter, (1...6).contains(seconds.utf8.count),
            seconds.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            headers.append(("Retry-After", seconds))
        } else if status == 503 {
            headers.append(("Retry-After", "1"))
        }
        // RFC 9110, section 15.5.2: a 401 says how to authenticate.
        if status == 401 { headers.append(("WWW-Authenticate", "Bearer realm=\"flotilla\"")) }
        return headers
    }
}
