import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// HTTP in, HTTP out: finds who answers and writes what they say.
struct SimulatorResponder: HTTPResponder {
    struct Context: InitializableFromSource {
        let channel: any Channel
        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    let apiKey: String
    let pipeline: CallPipeline
    let controls: SimulatorControls

    static let bodyLimitBytes = 1024 * 1024

    func respond(to request: Request, context: Context) async throws -> Response {
        let method = request.method.rawValue
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: Self.bodyLimitBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            return Self.response(APIFailure(status: 413, message: "The request body is too large.").answer)
        }
        let segments = request.uri.path.split(separator: "/")
            .map { FormValue.decode(Array($0.utf8), plusIsBlank: false) }
        let path = segments.compactMap { $0 }
        guard path.count == segments.count, path.count <= 8 else {
            return Self.response(APIFailure(message: "Invalid request URL.").answer)
        }
        switch path.first {
        case "v1": return await api(request, path: Array(path.dropFirst()), body: body, context: context)
        case "sim":
            return Self.response(await controls.respond(method: method, path: Array(path.dropFirst()), body: body))
        case "3ds": return await authentication(request, path: Array(path.dropFirst()))
        case "health": return Self.response(APIAnswer(["status": "pass"]))
        default: return Self.response(APIFailure.unrecognized(method: method, path: request.uri.path).answer)
        }
    }

    // MARK: /v1

    private func api(_ request: Request, path: [String], body: [UInt8], context: Context) async -> Response {
        let requestId = Identifier.make("req_", length: 14)
        let version = request.headers[Self.stripeVersion] ?? Rendering.apiVersion
        var extra = [("request-id", requestId), ("stripe-version", version)]
        if let key = request.headers[Self.idempotencyKey] { extra.append(("idempotency-key", key)) }
        do throws(APIFailure) {
            try Authentication(apiKey: apiKey).check(request.headers[.authorization])
            let call = try call(request, path, body, requestId: requestId)
            switch await pipeline.respond(to: call) {
            case .answer(let answer): return Self.response(answer, adding: extra)
            case .dropConnection:
                try? await context.channel.close(mode: .all)
                // Never reaches anybody: the connection is gone.
                return Response(status: .internalServerError)
            }
        } catch {
            if error.status == 401 { extra.append(("www-authenticate", "Bearer realm=\"Stripe\"")) }
            return Self.response(error.answer, adding: extra)
        }
    }

    private func call(
        _ request: Request, _ path: [String], _ body: [UInt8], requestId: String
    ) throws(APIFailure) -> APICall {
        let method = request.method.rawValue
        guard let operation = Operation(method: method, path: path) else {
            throw .unrecognized(method: method, path: request.uri.path)
        }
        if let version = request.headers[Self.stripeVersion], !Self.isVersion(version) {
            throw APIFailure(message: "Invalid Stripe API version: \(version)")
        }
        let pairs: [(key: String, value: String)]
        if operation.hasEffect {
            let type = request.headers[.contentType]?.lowercased() ?? ""
            guard let text = String(validating: body, as: UTF8.self),
                body.isEmpty || type.hasPrefix("application/x-www-form-urlencoded")
            else {
                throw APIFailure(
                    message:
                        "Invalid request (check that your POST content type is application/x-www-form-urlencoded). "
                        + "If you have any questions, we can help at https://support.stripe.com/.")
            }
            pairs = try FormValue.pairs(text)
        } else {
            pairs = try FormValue.pairs(request.uri.query ?? "")
        }
        return try APICall(
            operation: operation, method: method, path: "/v1/" + path.joined(separator: "/"), pairs: pairs,
            idempotencyKey: request.headers[Self.idempotencyKey], requestId: requestId)
    }

    private static func isVersion(_ text: String) -> Bool {
        let date = text.utf8.prefix(10)
        return date.count == 10
            && date.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (48...57).contains(byte)
            }
    }

    // MARK: /3ds

    /// Browsers get a page or are sent back to the shop; scripts get JSON.
    private func authentication(_ request: Request, path: [String]) async -> Response {
        let wantsPage = request.headers[.accept]?.contains("text/html") ?? false
        do throws(APIFailure) {
            let intent: IntentRecord
            switch (request.method, path.count, path.last) {
            case (.get, 1, let id?):
                guard let found = await pipeline.engine.intent(id) else {
                    throw .noSuch("payment_intent", id, param: "intent")
                }
                intent = found
            case (.post, 2, "complete"): intent = try await pipeline.engine.authenticate(path[0], succeeded: true)
            case (.post, 2, "fail"): intent = try await pipeline.engine.authenticate(path[0], succeeded: false)
            default: throw .unrecognized(method: request.method.rawValue, path: request.uri.path)
            }
            let page = ThreeDSecurePage(intent: intent)
            guard wantsPage || request.method == .get else {
                return Self.response(APIAnswer(await pipeline.engine.rendering.intent(intent)))
            }
            if request.method == .post, let url = page.returnURL {
                return Response(status: .seeOther, headers: [.location: url])
            }
            return Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: page.html)))
        } catch {
            return Self.response(error.answer)
        }
    }

    // MARK: HTTP

    private static func response(_ answer: APIAnswer, adding extra: [(String, String)] = []) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        for (name, value) in answer.headers.map({ ($0.name, $0.value) }) + extra {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: answer.body)))
    }

    private static let idempotencyKey = name("Idempotency-Key")
    private static let stripeVersion = name("Stripe-Version")

    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .accept }
}
