import JSON
import NATS

extension ServiceError {
    /// The header that makes a reply a refusal, and the one that holds its number (ADR-32 of NATS).
    static let textHeader = "Nats-Service-Error"
    static let codeHeader = "Nats-Service-Error-Code"
    static let retryAfterHeader = "Retry-After"

    /// The refusal that a reply carries; nil for a success.
    init?(reply: NATSMessage) {
        guard let code = reply.header(Self.codeHeader) else { return nil }
        self.init(
            status: Int(code) ?? 500, problem: reply.body, otherwise: reply.header(Self.textHeader) ?? "refused")
        retryAfter_s = reply.header(Self.retryAfterHeader).flatMap { Int($0) }
    }

    /// The refusal that a problem document says.
    /// - Parameter text: what it says when it is no such document.
    init(status: Int, problem: [UInt8], otherwise text: String) {
        guard case .object(let problem)? = try? JSONReader.parse(problem) else {
            self.init(status, "internal", text)
            return
        }
        let type = problem["type"]?.string.map { String($0.split(separator: ":").last ?? "") }
        self.init(
            status, type ?? "internal", problem["detail"]?.string ?? text,
            members: problem.members.filter { !Self.standardMembers.contains($0.name) }.map {
                .init($0.name, $0.value)
            })
    }

    private static let standardMembers: Set<String> = [
        "type", "title", "status", "detail", "instance", "error", "requestId",
    ]

    /// The headers of the refusal's own reply.
    var headers: NATSHeaders {
        var headers: NATSHeaders = [
            (Self.textHeader, title.isEmpty ? "Error" : title), (Self.codeHeader, String(status)),
            ("Content-Type", "application/problem+json"),
        ]
        if let retryAfter_s { headers.append(Self.retryAfterHeader, String(retryAfter_s)) }
        return headers
    }
}
