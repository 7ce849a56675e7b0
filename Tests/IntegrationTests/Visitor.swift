import AsyncHTTPClient
import Foundation
import JSON
import LocalFleet
import LocalServers
import NIOCore
import NIOHTTP1
import Testing

/// A customer of a running fleet, with the eyes of staff, over HTTP.
struct Visitor {
    struct Answer {
        let status: Int
        let body: JSONValue
    }

    let fleet: RunningFleet
    let token: String

    /// Registers a new customer.
    static func register(at fleet: RunningFleet) async throws -> Visitor {
        let email = "\(UUID().uuidString.lowercased())@example.com"
        let answer = try await Visitor(fleet: fleet, token: "").send(
            "POST", "/users/register",
            #"{"email": "\#(email)", "password": "correct horse", "firstName": "Ada", "lastName": "Lovelace"}"#)
        return Visitor(fleet: fleet, token: try #require(answer.body["token"]?.string))
    }

    /// - Parameter token: the customer's when nil.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, token: String? = nil, key: String? = nil,
        within limit: Duration = .seconds(70)
    ) async throws -> Answer {
        try await exchange(
            method, "\(fleet.file.http)/api/v1\(path)", body, token: token ?? self.token, key: key, within: limit)
    }

    /// Reads as staff.
    func look(_ path: String) async throws -> JSONValue {
        try await send("GET", path, token: fleet.file.staffToken).body
    }

    /// The simulator's controls and pages.
    @discardableResult
    func stripe(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        try await exchange(method, fleet.file.stripe + path, body, token: "", key: nil, within: .seconds(20)).body
    }

    /// A new product with 10 pieces at 59.98 USD; its id.
    func product() async throws -> String {
        let sku = String(UUID().uuidString.prefix(18))
        let made = try await send(
            "POST", "/products",
            #"{"sku": "\#(sku)", "name": "Mug", "price": 59.98, "currency": "USD", "stock": 10}"#,
            token: fleet.file.staffToken)
        return try #require(made.body["id"]?.string)
    }

    /// An order of one piece; its id.
    func order(_ product: String) async throws -> String {
        let made = try await send(
            "POST", "/orders",
            """
            {"items": [{"productId": "\(product)", "quantity": 1, "price": 59.98}],
             "shippingAddress": {"street": "1 Test St", "city": "Test", "state": "TS", "zipCode": "12345", "country": "US"}}
            """, key: UUID().uuidString)
        #expect(made.status == 201)
        return try #require(made.body["id"]?.string)
    }

    /// - Parameter limit: when the customer gives up.
    func pay(
        _ order: String, _ method: String = "pm_card_visa", within limit: Duration = .seconds(70)
    ) async throws -> Answer {
        try await send(
            "POST", "/payments", #"{"orderId": "\#(order)", "amount": 59.98, "paymentMethodId": "\#(method)"}"#,
            within: limit)
    }

    func until(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw RunningFleet.Failure("waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func exchange(
        _ method: String, _ url: String, _ body: String?, token: String, key: String?, within limit: Duration
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let key { request.headers.add(name: "Idempotency-Key", value: "\"\(key)\"") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: TimeAmount(limit))
        let bytes = Array(buffer: try await response.body.collect(upTo: 4 << 20))
        return Answer(
            status: Int(response.status.code),
            body: bytes.isEmpty ? .null : (try? JSONReader.parse(bytes)) ?? .null)
    }
}
