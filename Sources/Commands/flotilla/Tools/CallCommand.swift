import ArgumentParser
import Contracts
import FoundationEssentials
import Glibc
import JSON
import NATS
import Reactor

/// Sends one request, as `nats req` does, and prints the reply.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Send a request to a subject and print the reply.",
        discussion: """
            The exit code is 0 for a reply, 1 for a refusal (whose problem is printed), 69 when nobody answers.
            Example: flotilla call inventory.products.list '{"limit": 3}'
            """)

    @OptionGroup var fleet: ClientOptions

    @Argument(help: "The subject of an endpoint, for example orders.get.")
    var subject: String

    @Argument(help: "The request, a JSON object.")
    var body = "{}"

    @Option(help: "Act for somebody: customer:<uuid> or staff:<uuid>.")
    var actor: String?

    @Option(help: "The idempotency key of the request.")
    var key: String?

    @Option(help: "Seconds to wait for the reply.")
    var timeout = 10

    func validate() throws {
        guard (1...3_600).contains(timeout) else {
            throw ValidationError("--timeout \(timeout): expected 1 to 3600 seconds")
        }
    }

    func run() async throws {
        let nats = try await fleet.connect(as: "flotilla-call")
        var headers = NATSHeaders()
        if let actor { headers.append("Flotilla-Actor", actor) }
        if let key { headers.append("Idempotency-Key", key) }
        let reply = try await nats.request(
            subject, headers: headers, body: Array(body.utf8), timeout: .seconds(timeout))
        await nats.close()
        guard let code = reply.header("Nats-Service-Error-Code") else {
            print(String(decoding: reply.body, as: UTF8.self))
            return
        }
        // Workers of others may have their reason in the headers only.
        let problem = Problem.withoutDocument(status: Int(code) ?? 500, text: reply.header("Nats-Service-Error"))
        print(String(decoding: reply.body.isEmpty ? problem.encoded() : reply.body, as: UTF8.self))
        throw ExitCode(1)
    }
}
