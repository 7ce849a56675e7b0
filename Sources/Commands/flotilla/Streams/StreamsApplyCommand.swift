import ArgumentParser
import Contracts
import NATS
import Streams

/// Brings streams and durable consumers of a broker up to date.
struct StreamsApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make streams and consumers that are missing, change those that differ.",
        discussion: """
            To be done as the operator before the workers start, and again when contracts have changed or the broker has lost its \
            files. Nothing is deleted: what no contract asks for any more stays. `flotilla up` does it by itself.
            """)

    @OptionGroup var fleet: ClientOptions
    @OptionGroup var contracts: SubjectsOptions

    func run() async throws {
        let plan = StreamPlan(try contracts.load())
        let nats = try await fleet.connect(as: "flotilla-streams")
        do {
            let applied = try await plan.apply(to: JetStream(nats))
            await nats.close()
            for part in applied { print(part) }
        } catch {
            await nats.close()
            throw error
        }
    }
}
