import AsyncHTTPClient
import Foundation
import HTTPTypes
import JSON
import LocalFleet
import NIOCore
import NIOHTTP1

/// The shop as its customers' programs see it: HTTP, with retries as a good client makes them.
struct Shop: Sendable {
    let fleet: FleetFile
    let http: HTTPClient
    let journal: DemoJournal
    /// Whether a customer who holds stock for too many unpaid orders waits until some are paid or given up.
    var waitsForHolds = true

    struct Answer: Sendable {
        let status: Int
        let body: JSONValue
    }

    /// A request that got no answer that counts, in all its tries.
    struct Unanswered: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a request is tried in all: longer than a server takes to come back.
    private static let patience = Duration.seconds(60)

    /// Sends a request of the API, again after 429, 503, 504 and lost connections, under the same idempotency key; and again
    /// while stock is held for too many orders whose payments are still on their way.
    func request(
        _ step: String, _ method: String, _ path: String, token: String? = nil, body: [UInt8]? = nil,
        isKeyed: Bool = false
    ) async throws -> Answer {
        let key = isKeyed ? UUID().uuidString.lowercased() : nil
        let began = ContinuousClock.now
        while true {
            var request = HTTPClientRequest(url: "\(fleet.http)/api/v1\(path)")
            request.method = HTTPMethod(rawValue: method)
            if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
            if let key { request.headers.add(name: "Idempotency-Key", value: "\"\(key)\"") }
            if let body {
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .bytes(body)
            }
            var pause = Duration.milliseconds(300)
            do {
                let answer = try await send(request)
                let isEarly =
                    waitsForHolds && answer.body["type"]?.string == "urn:flotilla:problem:too-many-holds"
                guard isEarly || [429, 503, 504].contains(answer.status) else {
                    await journal.answered(step, in: ContinuousClock.now - began)
                    if answer.status >= 500 { await journal.failed("\(method) \(path): \(answer.status)") }
                    return Answer(status: answer.status, body: answer.body)
                }
                await journal.retried("\(answer.status)")
                guard let after = isEarly ? 1 : answer.retryAfter else {
                    await journal.failed("\(method) \(path): \(answer.status) without Retry-After")
                    throw Unanswered(description: "\(method) \(path): \(answer.status) without Retry-After")
                }
                pause = .seconds(after)
            } catch let error as Unanswered {
                throw error
            } catch {
                await journal.retried("connection lost")
            }
            guard ContinuousClock.now - began < Self.patience else {
                await journal.failed("\(method) \(path): no answer in \(Self.patience)")
                throw Unanswered(description: "\(method) \(path): no answer in \(Self.patience)")
            }
            try await Task.sleep(for: pause)
        }
    }

    private func send(_ request: HTTPClientRequest) async throws -> (status: Int, body: JSONValue, retryAfter: Int?) {
        let response = try await http.execute(request, timeout: .seconds(70))
        let bytes = Array(buffer: try await response.body.collect(upTo: 1 << 20))
        let body = bytes.isEmpty ? JSONValue.null : (try? JSONReader.parse(bytes)) ?? .null
        return (
            Int(response.status.code), body, response.headers.first(name: "Retry-After").flatMap { Int($0) }
        )
    }

    /// Presses the button of the card company's 3-D Secure page.
    func authenticate(clientSecret: String, succeeding: Bool) async throws {
        let intent = clientSecret.components(separatedBy: "_secret_")[0]
        var request = HTTPClientRequest(url: "\(fleet.stripe)/3ds/\(intent)/\(succeeding ? "complete" : "fail")")
        request.method = .POST
        let response = try await http.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard response.status.code < 400 else {
            throw Unanswered(description: "the 3-D Secure page answered \(response.status.code)")
        }
    }

    private static let largestBooks = 256 << 20

    /// The card company's books.
    func ledger() async throws -> JSONValue {
        let response = try await http.execute(
            HTTPClientRequest(url: "\(fleet.stripe)/sim/ledger"), timeout: .seconds(10))
        let books = Array(buffer: try await response.body.collect(upTo: Self.largestBooks))
        return try JSONReader.parse(books, limits: JSONLimits(bytes: Self.largestBooks))
    }
}
