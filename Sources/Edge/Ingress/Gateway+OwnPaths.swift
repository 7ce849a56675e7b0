import DocsPage
import JSON

extension Gateway {
    /// Answers the paths outside the contracts: `/`, `/health`, the keys, and what describes the API.
    func ownReply(
        _ method: String, _ target: RequestTarget, _ headers: RequestHeaders, _ exchange: inout Exchange
    ) throws(Refusal) -> HTTPReply {
        let path = target.pathText
        guard Self.ownPaths.contains(path) else { throw .notFound(path: path) }
        exchange.route = path
        if method == "OPTIONS" { return options(allow: Self.ownMethods, headers) }
        guard method == "GET" || method == "HEAD" else { throw .methodNotAllowed(method, allow: Self.ownMethods) }
        switch path {
        case "/health": return healthReply()
        case "/.well-known/jwks.json":
            guard let keys = keys.current else { throw .keysUnavailable }
            return HTTPReply(
                status: 200, contentType: .keys, headers: [("Cache-Control", "public, max-age=60")],
                body: .bytes(keys.document))
        case "/openapi.json": return Self.document(documents.openAPI)
        case "/asyncapi.json": return Self.document(documents.asyncAPI)
        case "/docs":
            return HTTPReply(
                status: 200, contentType: .page,
                headers: [
                    ("Content-Security-Policy", DocsPage.contentSecurityPolicy), ("Referrer-Policy", "no-referrer"),
                    ("Cache-Control", "no-cache"),
                ],
                body: .bytes(DocsPage.html))
        default: return indexReply()
        }
    }

    /// It changes when services come and go: clients ask again each time.
    private static func document(_ bytes: [UInt8]) -> HTTPReply {
        HTTPReply(status: 200, headers: [("Cache-Control", "no-cache")], body: .bytes(bytes))
    }

    private static let ownPaths = [
        "/", "/health", "/.well-known/jwks.json", "/openapi.json", "/asyncapi.json", "/docs",
    ]
    private static let ownMethods = "GET, HEAD, OPTIONS"

    private func indexReply() -> HTTPReply {
        let body = JSONWriter.object { writer in
            writer.field("name", "flotilla")
            writer.field("version", configuration.version)
            writer.object("links") {
                $0.field("api", "/api/v1")
                $0.field("health", "/health")
                $0.field("keys", "/.well-known/jwks.json")
                $0.field("docs", "/docs")
                $0.field("openapi", "/openapi.json")
                $0.field("asyncapi", "/asyncapi.json")
            }
        }
        return HTTPReply(status: 200, body: .bytes(body))
    }

    private func healthReply() -> HTTPReply {
        let report = health.report(keysLoaded: keys.current != nil, isDraining: isDraining)
        return HTTPReply(
            status: report.status == .fail ? 503 : 200, contentType: .health,
            headers: [("Cache-Control", "no-store")] + (report.status == .fail ? [("Retry-After", "1")] : []),
            body: .bytes(report.encoded(version: configuration.version)))
    }
}
