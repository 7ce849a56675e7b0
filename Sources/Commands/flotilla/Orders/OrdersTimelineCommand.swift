import ArgumentParser
import FoundationEssentials
import JSON
import NATS

/// `flotilla orders timeline ID`: everything that happened around an order, as a table.
struct OrdersTimelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Print everything that happened around an order, at all workers.")

    @OptionGroup var fleet: ClientOptions

    @Argument(help: "The order's id.")
    var id: String

    func validate() throws {
        guard UUID(text: id) != nil else { throw ValidationError("\(id): expected an order's id, a UUID") }
    }

    func run() async throws {
        let nats = try await fleet.connect(as: "flotilla-timeline")
        let reply = try await nats.request(
            "orders.timeline", body: JSONWriter.object { $0.field("id", id) }, timeout: .seconds(10))
        await nats.close()
        let document = try JSONReader.parse(reply.body, limits: JSONLimits(bytes: 16 << 20))
        if reply.header("Nats-Service-Error") != nil {
            throw CommandFailure(.unavailable, document["detail"]?.string ?? "refused")
        }
        var table = TextTable(["TIME", "WORKER", "KIND", "NAME", "TRACE", "DETAIL"])
        for entry in document["entries"]?.array ?? [] {
            table.add([
                entry["at"]?.string ?? "", entry["worker"]?.string ?? "", entry["kind"]?.string ?? "",
                entry["name"]?.string ?? "", String(entry["traceId"]?.string?.prefix(8) ?? "-"),
                detail(entry["detail"]),
            ])
        }
        print(table.text)
        let incomplete = (document["incomplete"]?.array ?? []).compactMap(\.string)
        if !incomplete.isEmpty { CommandFailure.say("no answer from \(incomplete.joined(separator: ", "))") }
        if document["isTruncated"]?.bool == true { CommandFailure.say("there is more than is shown") }
    }

    private func detail(_ detail: JSONValue?) -> String {
        (detail?.object?.members ?? []).filter { !$0.value.isNull }.map { member in
            "\(member.name)=\(member.value.string ?? "\(member.value)")"
        }.joined(separator: " ")
    }
}
