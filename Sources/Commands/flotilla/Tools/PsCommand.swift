import ArgumentParser
import JSON
import NATS
import Reactor

/// Lists the services of the broker by the service protocol: ours and anybody else's.
struct PsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List the running workers, their endpoints' requests and errors.")

    @OptionGroup var fleet: ClientOptions

    @Flag(help: "A line for each endpoint.")
    var endpoints = false

    func run() async throws {
        let nats = try await fleet.connect(as: "flotilla-ps")
        let replies = try await nats.requestMany(
            "$SRV.STATS", body: [], for: .seconds(2), quiet: .milliseconds(300), limit: 1_000)
        await nats.close()
        let services = replies.compactMap { ServiceStatistics($0.body) }.sorted()
        guard !services.isEmpty else { throw CommandFailure(.unavailable, "no service answers on this broker") }
        print(endpoints ? endpointTable(services) : serviceTable(services))
    }

    private func serviceTable(_ services: [ServiceStatistics]) -> String {
        var table = TextTable(["SERVICE", "INSTANCE", "PID", "VERSION", "REQUESTS", "ERRORS", "AVERAGE", "STARTED"])
        for service in services {
            let requests = service.endpoints.reduce(0) { $0 + $1.requests }
            let time = service.endpoints.reduce(0) { $0 + $1.time_ns }
            table.add([
                service.name, service.instance, service.pid, service.version, "\(requests)",
                "\(service.endpoints.reduce(0) { $0 + $1.errors })", average(time, requests), service.started,
            ])
        }
        return table.text
    }

    private func endpointTable(_ services: [ServiceStatistics]) -> String {
        var table = TextTable([
            "SERVICE", "INSTANCE", "ENDPOINT", "SUBJECT", "REQUESTS", "ERRORS", "AVERAGE", "LAST ERROR",
        ])
        for service in services {
            for endpoint in service.endpoints {
                table.add([
                    service.name, service.instance, endpoint.name, endpoint.subject, "\(endpoint.requests)",
                    "\(endpoint.errors)", average(endpoint.time_ns, endpoint.requests),
                    String(endpoint.lastError.prefix(60)),
                ])
            }
        }
        return table.text
    }

    private func average(_ time_ns: Int64, _ requests: Int64) -> String {
        guard requests > 0 else { return "-" }
        let hundredths = time_ns / requests / 10_000
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ms"
    }
}
