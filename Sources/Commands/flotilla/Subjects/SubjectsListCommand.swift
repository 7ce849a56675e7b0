import ArgumentParser
import Contracts

/// A table of all endpoints.
struct SubjectsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all endpoints with their routes and policies.",
        discussion: """
            RETRIES are tries after the first and the time for each; RATE is requests of one caller in a minute and in
            an hour; BREAKER is for how long calls are refused, and after how many errors in a row.
            """)

    @OptionGroup var contracts: SubjectsOptions

    func run() async throws {
        var table = TextTable([
            "SUBJECT", "HTTP", "WHO", "TIMEOUT", "RETRIES", "RATE", "BREAKER", "BODY", "IDEMPOTENCY",
        ])
        for contract in try contracts.load().contracts {
            for endpoint in contract.endpoints { table.add(Self.row(endpoint, contract.policies)) }
        }
        print(table.text)
    }

    private static func row(_ endpoint: EndpointContract, _ policies: Policies) -> [String] {
        [
            endpoint.subject, endpoint.http?.description ?? "-", endpoint.access.rawValue, text(endpoint.timeout),
            policies.retries.attempts == 0 ? "-" : "\(policies.retries.attempts) x \(text(policies.retries.perTry))",
            // Only the ingress counts requests.
            endpoint.http == nil ? "-" : endpoint.rateLimit.map { "\($0.perMinute)/\($0.perHour)" } ?? "-",
            "\(text(policies.breaker.openFor)) after \(policies.breaker.consecutiveErrors)", size(endpoint.bodyLimit),
            endpoint.idempotency == .none ? "-" : endpoint.idempotency.rawValue,
        ]
    }

    /// Whole seconds or milliseconds.
    private static func text(_ duration: Duration) -> String {
        let (seconds, rest) = duration.components
        return rest == 0 ? "\(seconds) s" : "\(seconds * 1_000 + rest / 1_000_000_000_000_000) ms"
    }

    private static func size(_ bytes: Int) -> String {
        if bytes >= 1 << 20, bytes.isMultiple(of: 1 << 20) { return "\(bytes >> 20) MiB" }
        if bytes >= 1 << 10, bytes.isMultiple(of: 1 << 10) { return "\(bytes >> 10) KiB" }
        return "\(bytes) B"
    }
}
