import AsyncHTTPClient
import Contracts
import Foundation
import JSON
import LocalFleet
import LocalServers
import Logging
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

    @Test("every endpoint answers the same status and body over HTTP and over NATS")
    func sameAnswers() async throws {
        try await RunningFleet.run { fleet in
            let contracts = try ContractSet.load(directory: "\(Home.find())/subjects")
            let nats = try await NATSConnection.connect(
                NATSConfiguration(url: fleet.file.nats), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let actor = "staff:\(try subject(ofToken: fleet.file.staffToken))"
            var table: [String] = []
            for endpoint in contracts.contracts.flatMap(\.endpoints) where !endpoint.rawBody {
                guard let http = endpoint.http else { continue }
                for (name, request) in try requests(to: endpoint, http) {
                    let overHTTP = try await ask(fleet, endpoint, http, request)
                    let overNATS = try await ask(nats, endpoint, request, actor: actor)
                    #expect(overHTTP == overNATS, "\(endpoint.subject), \(name)")
                    table.append("\(endpoint.subject) (\(http)), \(name): \(overHTTP.status) and \(overNATS.status)")
                }
            }
            print(table.joined(separator: "\n"))
            #expect(table.count >= 3 * 13)
            await nats.close()
        }
    }

    /// Requests that change nothing, so that the second door is asked in the same state as the first.
    private func requests(
        to endpoint: EndpointContract, _ http: HTTPRoute
    ) throws -> [(name: String, request: JSONObject)] {
        let parameters = JSONObject(http.parameters.map { .init(name: $0, value: "no-id") })
        var unknown = JSONObject(
            http.parameters.map { .init(name: $0, value: .string(UUID().uuidString.lowercased())) })
        let nobody = unknown
        var result = [("nothing but wrong parameters", parameters), ("unknown ids and no more", nobody)]
        if http.method != .get, http.method != .delete {
            unknown["nope"] = 1
            result.append(("an unknown field", unknown))
            if var example = endpoint.request?.examples.first?.object {
                for property in endpoint.request?.properties ?? [] where !http.parameters.contains(property.name) {
                    var wrong = example
                    wrong[property.name] = [true]
                    result.append(("a wrong \(property.name)", wrong))
                }
                example["nope"] = 1
                result.append(("an example and an unknown field", example))
            }
        } else if let query = http.query.first {
            var wrong = nobody
            wrong[query.name] = .string(query.kind == .string ? String(repeating: "x", count: 5_000) : "many")
            result.append(("a wrong \(query.name)", wrong))
        }
        return result
    }

    private func ask(
        _ fleet: RunningFleet, _ endpoint: EndpointContract, _ http: HTTPRoute, _ request: JSONObject
    ) async throws -> Answer {
        var path = http.path
        var body = JSONObject()
        var query: [String] = []
        for member in request.members {
            if http.parameters.contains(member.name) {
                path = path.replacing("{\(member.name)}", with: member.value.string ?? "")
            } else if http.query.contains(where: { $0.name == member.name }) {
                query.append("\(member.name)=\(member.value.string ?? "")")
            } else {
                body[member.name] = member.value
            }
        }
        var message = HTTPClientRequest(
            url: "\(fleet.file.http)/api/v1\(path)\(query.isEmpty ? "" : "?" + query.joined(separator: "&"))")
        message.method = NIOHTTP1.HTTPMethod(rawValue: http.method.rawValue)
        message.headers.add(name: "Authorization", value: "Bearer \(fleet.file.staffToken)")
        if !body.isEmpty {
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(JSONValue.object(body).bytes)
        }
        let response = try await HTTPClient.shared.execute(message, timeout: .seconds(20))
        let bytes = Array(buffer: try await response.body.collect(upTo: 1 << 20))
        return Answer(status: Int(response.status.code), body: try JSONReader.parse(bytes))
    }

    private func ask(
        _ nats: NATSConnection, _ endpoint: EndpointContract, _ request: JSONObject, actor: String
    ) async throws -> Answer {
        var typed = request
        for query in endpoint.http?.query ?? [] {
            // What the ingress makes of the text of a query.
            if let text = request[query.name]?.string { typed[query.name] = query.value(text) }
        }
        let reply = try await nats.request(
            endpoint.subject, headers: [("Flotilla-Actor", actor)], body: JSONValue.object(typed).bytes,
            timeout: .seconds(20))
        let status = reply.header("Nats-Service-Error-Code").flatMap { Int($0) } ?? endpoint.successStatus
        return Answer(status: status, body: try JSONReader.parse(reply.body))
    }

    private func subject(ofToken token: String) throws -> String {
        var claims = String(try #require(token.split(separator: ".").dropFirst().first))
            .replacing("-", with: "+").replacing("_", with: "/")
        while claims.utf8.count % 4 != 0 { claims += "=" }
        let data = try #require(Data(base64Encoded: claims))
        return try #require(try JSONReader.parse(Array(data))["sub"]?.string)
    }
}
