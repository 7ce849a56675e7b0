import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Takes webhooks over HTTP and hands them on, as the ingress does.
package struct WebhookGate: Sendable {
    package static func run<T: Sendable>(
        _ take: @escaping @Sendable (_ body: [UInt8], _ signature: String) async throws -> Int,
        _ body: @Sendable (_ url: String) async throws -> T
    ) async throws -> T {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("hook") { request, _ -> HTTPResponse.Status in
            let payload = try await request.body.collect(upTo: 1 << 20)
            let signature = request.headers.first { $0.name.canonicalName == "stripe-signature" }?.value
            return HTTPResponse.Status(code: try await take(Array(payload.readableBytesView), signature ?? ""))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
        return try await Services.run([application]) {
            let port = await ports.first { _ in true } ?? 0
            return try await body("http://127.0.0.1:\(port)/hook")
        }
    }
}
