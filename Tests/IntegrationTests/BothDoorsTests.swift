import AsyncHTTPClient
import Contracts
import Foundation
import JSON
import LocalFleet
import LocalServers
import NATS
import NIOCore
import NIOHTTP1
import Reactor
import Schema
import Testing

/// Every endpoint, asked over HTTP and over NATS in the name of the same caller.
@Suite("Both doors", .serialized)
struct BothDoorsTests {
    private struct Answer: Equatable {
        let status: Int
        let body: JSONValue
    }

    /// One request for both doors.
    private struct Question {
        let name: String
        var caller = Who.staff
        var key: String?
        /// Path and query parameters, and the body's members where there is no `text`.
        var members: JSONObject
        /// A body that is no object of members.
        var text: String?
    }

    private enum Who: String {
        case anonymous, customer, staff
    }

    @Test("every endpoint answers the same status and body over HTTP and over NATS")
    func sameAnswers() async throws {
        try await RunningFleet.run { fleet in
            let contracts = try ContractSet.load(directory: "\(Home.find())/subjects")
            let nats = try await fleet.connect()
            let tokens = [Who.staff: fleet.file.staffToken, .customer: try await registered(fleet)]
            var table: [String] = []
            var statuses: Set<Int> = []
            for endpoint in contracts.contracts.flatMap(\.endpoints) where !endpoint.rawBody {
                guard let http = endpoint.http else { continue }
                for question in questions(to: endpoint, http) {
                    let token = tokens[question.caller]
                    let actor = try token.map { "\(question.caller):\(try subject(ofToken: $0))" } ?? "anonymous"
                    let overHTTP = try await ask(fleet, endpoint, http, question, token: token)
                    let overNATS = try await ask(nats, endpoint, question, actor: actor)
                    #expect(overHTTP == overNATS, "\(endpoint.subject), \(question.name)")
                    statuses.insert(overHTTP.status)
                    table.append(
                        "\(endpoint.subject) (\(http)), \(question.name): \(overHTTP.status) and \(overNATS.status)")
                }
            }
            print(table.joined(separator: "\n"))
            #expect(table.count >= 8 * 13)
            #expect(statuses.isSuperset(of: [200, 400, 401, 403, 404, 413]))
            await nats.close()
        }
    }

    @Test("what one door has done under a key, the other answers again; and both read the same")
    func oneEffect() async throws {
        try await RunningFleet.run { fleet in
            let contracts = try ContractSet.load(directory: "\(Home.find())/subjects")
            let nats = try await fleet.connect()
            let token = try await registered(fleet)
            let actor = "customer:\(try subject(ofToken: token))"
            func both(_ subject: String, _ request: JSONValue, key: String? = nil) async throws -> JSONValue {
                let endpoint = try #require(contracts.endpoint(subject: subject), "\(subject)")
                let http = try #require(endpoint.http)
                let question = Question(
                    name: subject, caller: .customer, key: key, members: try #require(request.object))
                let overHTTP = try await ask(fleet, endpoint, http, question, token: token)
                let overNATS = try await ask(nats, endpoint, question, actor: actor)
                #expect(overHTTP == overNATS, "\(subject)")
                #expect(overHTTP.status == endpoint.successStatus, "\(overHTTP)")
                print("\(subject) (\(http)): \(overHTTP.status) and \(overNATS.status)")
                return overHTTP.body
            }
            let products = try await both("inventory.products.list", ["limit": "1"])
            let product = try #require(products["products"]?[0])
            let productId = try #require(product["id"])
            _ = try await both("inventory.products.get", ["id": productId])
            let order = try await both(
                "orders.create",
                [
                    "items": [["productId": productId, "quantity": 1]],
                    "currency": product["currency"] ?? "USD",
                ], key: "one-order")
            let (id, total) = (try #require(order["id"]), try #require(order["totalAmount"]))
            let payment = try await both(
                "payments.create",
                [
                    "orderId": id, "amount": total, "currency": product["currency"] ?? "USD",
                    "paymentMethodId": "pm_card_visa",
                ], key: "one-payment")
            _ = try await both("payments.get", ["id": try #require(payment["paymentId"])])
            _ = try await both("orders.get", ["id": id])
            let account = JSONValue.string(try subject(ofToken: token))
            _ = try await both("users.get", ["id": account])
            _ = try await both("users.profile.get", ["id": account])
            _ = try await both("users.password.reset", ["email": "nobody@example.com"])
            await nats.close()
        }
    }

    @Test("the link that ends mails takes what mail readers post to it, whatever its type")
    func forms() async throws {
        try await RunningFleet.run { fleet in
            for (type, body) in [
                ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
                (
                    "multipart/form-data; boundary=x",
                    "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
                ), (nil, nil),
            ] as [(String?, String?)] {
                var message = HTTPClientRequest(url: "\(fleet.file.http)/api/v1/notifications/unsubscribe/no-token")
                message.method = .POST
                if let type { message.headers.add(name: "Content-Type", value: type) }
                if let body { message.body = .bytes(Array(body.utf8)) }
                let response = try await HTTPClient.shared.execute(message, timeout: .seconds(20))
                let reply = try JSONReader.parse(Array(buffer: try await response.body.collect(upTo: 1 << 20)))
                #expect(response.status.code == 404, "\(type ?? "no body")")
                #expect(reply["type"]?.string?.hasSuffix("unsubscribe-link-invalid") == true, "\(reply)")
            }
        }
    }

    /// Requests that change nothing, so that the second door is asked in the same state as the first.
    private func questions(to endpoint: EndpointContract, _ http: HTTPRoute) -> [Question] {
        let wrong = JSONObject(http.parameters.map { .init(name: $0, value: "no-id") })
        let nobody = JSONObject(
            http.parameters.map { .init(name: $0, value: .string(UUID().uuidString.lowercased())) })
        var unknown = nobody
        unknown["nope"] = "1"
        var result = [
            Question(name: "nothing but wrong parameters", members: wrong),
            Question(name: "unknown ids and no more", members: nobody),
        ]
        // Over HTTP it would be in the body.
        if !endpoint.ignoresBody { result.append(Question(name: "an unknown field", members: unknown)) }
        if endpoint.access != .anyone {
            result.append(Question(name: "no token", caller: .anonymous, members: wrong))
            result.append(Question(name: "a customer", caller: .customer, members: wrong))
        }
        if endpoint.idempotency != .none {
            for (name, key) in [("a long key", String(repeating: "k", count: 256)), ("a key", UUID().uuidString)] {
                result.append(Question(name: name, key: key, members: unknown))
            }
        }
        let example = endpoint.request?.examples.first?.object
        if http.takesBody, !endpoint.ignoresBody {
            for text in ["[]", "nonsense", "7", "{", "{} {}", " ", "{\"a\": 1, \"a\": 2}"] {
                result.append(Question(name: "the body \(text)", members: nobody, text: text))
            }
            let long = String(repeating: "x", count: endpoint.bodyLimit)
            result.append(Question(name: "a body over the limit", members: nobody, text: "{\"long\": \"\(long)\"}"))
            for property in endpoint.request?.properties ?? [] where !http.parameters.contains(property.name) {
                var members = example ?? nobody
                members[property.name] = [true]
                result.append(Question(name: "a wrong \(property.name)", members: members))
            }
            if var example {
                example["nope"] = 1
                result.append(Question(name: "an example and an unknown field", members: example))
            }
        } else if let query = http.query.first {
            var members = nobody
            members[query.name] = .string(query.kind == .string ? String(repeating: "x", count: 5_000) : "many")
            result.append(Question(name: "a wrong \(query.name)", members: members))
        }
        return result
    }

    private func ask(
        _ fleet: RunningFleet, _ endpoint: EndpointContract, _ http: HTTPRoute, _ question: Question, token: String?
    ) async throws -> Answer {
        var path = http.path
        var body = JSONObject()
        var query: [String] = []
        for member in question.members.members {
            if http.parameters.contains(member.name) {
                path = path.replacing("{\(member.name)}", with: member.value.string ?? "")
            } else if !http.takesBody || http.query.contains(where: { $0.name == member.name }) {
                query.append("\(member.name)=\(member.value.string ?? "")")
            } else {
                body[member.name] = member.value
            }
        }
        var message = HTTPClientRequest(
            url: "\(fleet.file.http)/api/v1\(path)\(query.isEmpty ? "" : "?" + query.joined(separator: "&"))")
        message.method = NIOHTTP1.HTTPMethod(rawValue: http.method.rawValue)
        message.headers.add(name: "X-Request-Id", value: Self.requestID)
        if let token { message.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let key = question.key { message.headers.add(name: "Idempotency-Key", value: key) }
        if question.text != nil || !body.isEmpty {
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(question.text.map { Array($0.utf8) } ?? JSONValue.object(body).bytes)
        }
        let response = try await HTTPClient.shared.execute(message, timeout: .seconds(20))
        let bytes = Array(buffer: try await response.body.collect(upTo: 1 << 20))
        return Answer(status: Int(response.status.code), body: try JSONReader.parse(bytes))
    }

    private func ask(
        _ nats: NATSConnection, _ endpoint: EndpointContract, _ question: Question, actor: String
    ) async throws -> Answer {
        var typed = question.members
        for query in endpoint.http?.query ?? [] {
            // What the ingress makes of the text of a query.
            if let text = typed[query.name]?.string { typed[query.name] = query.value(text) }
        }
        var headers: NATSHeaders = [("Flotilla-Actor", actor), ("Flotilla-Request-Id", Self.requestID)]
        if let key = question.key { headers.append("Idempotency-Key", key) }
        let reply = try await nats.request(
            endpoint.subject, headers: headers, body: message(typed, question.text), timeout: .seconds(20))
        let status = reply.header("Nats-Service-Error-Code").flatMap { Int($0) } ?? endpoint.successStatus
        return Answer(status: status, body: try JSONReader.parse(reply.body))
    }

    /// Over NATS the parameters of the path are members of the body, if it has any.
    private func message(_ members: JSONObject, _ text: String?) -> [UInt8] {
        guard let text else { return JSONValue.object(members).bytes }
        guard text.hasPrefix("{"), text.hasSuffix("}"), text.count > 1, !members.isEmpty else {
            return Array(text.utf8)
        }
        let rest = text.dropLast()
        let comma = rest.dropFirst().allSatisfy { $0 == " " } ? "" : ","
        return Array((rest + comma).utf8) + JSONValue.object(members).bytes.dropFirst()
    }

    private static let requestID = "both-doors"

    /// The token of a new customer.
    private func registered(_ fleet: RunningFleet) async throws -> String {
        var message = HTTPClientRequest(url: "\(fleet.file.http)/api/v1/users/register")
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/json")
        let account: JSONValue = [
            "email": "doors@example.com", "password": "correct horse battery", "firstName": "D", "lastName": "O",
        ]
        message.body = .bytes(account.bytes)
        let response = try await HTTPClient.shared.execute(message, timeout: .seconds(20))
        let reply = try JSONReader.parse(Array(buffer: try await response.body.collect(upTo: 1 << 20)))
        return try #require(reply["token"]?.string, "\(reply)")
    }

    private func subject(ofToken token: String) throws -> String {
        var claims = String(try #require(token.split(separator: ".").dropFirst().first))
            .replacing("-", with: "+").replacing("_", with: "/")
        while claims.utf8.count % 4 != 0 { claims += "=" }
        let data = try #require(Data(base64Encoded: claims))
        return try #require(try JSONReader.parse(Array(data))["sub"]?.string)
    }
}

extension HTTPRoute {
    fileprivate var takesBody: Bool { method != .get && method != .delete }
}
