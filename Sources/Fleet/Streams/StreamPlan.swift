public import Contracts
public import NATS
import Reactor

/// All streams and durable consumers that contracts ask for, streams first.
public struct StreamPlan: Sendable, Hashable {
    public let parts: [StreamPart]

    /// What the whole fleet needs.
    public init(_ contracts: ContractSet) {
        let consumers = contracts.contracts.flatMap { contract in
            contracts.consumed(by: contract.name).map { ConsumerConfiguration(of: contract.name, on: $0.stream) }
        }
        parts =
            contracts.contracts.compactMap(\.stream).map { .stream(StreamConfiguration($0)) }
            + consumers.map { .consumer($0) }
    }

    /// What one worker needs: its own stream, those that it consumes, and its durables on them.
    public init(of worker: String, _ contracts: ContractSet) {
        let consumed = contracts.consumed(by: worker).map(\.stream)
        var streams = contracts[worker]?.stream.map { [$0] } ?? []
        streams += consumed.filter { !streams.contains($0) }
        parts =
            streams.map { .stream(StreamConfiguration($0)) }
            + consumed.map { .consumer(ConsumerConfiguration(of: worker, on: $0)) }
    }

    /// Makes what is missing and changes what differs; to be done again whenever contracts have changed.
    ///
    /// - Parameter limit: how long JetStream may be unavailable, for each part.
    /// - Returns: each part with what was found before.
    /// - Throws: ``StreamPlanError`` for the first part that could not be made or changed; those before it are there.
    @Reactor
    public func apply(
        to jetStream: JetStream, within limit: Duration = .seconds(15)
    ) async throws(StreamPlanError) -> [AppliedPart] {
        var applied: [AppliedPart] = []
        for part in parts {
            do throws(NATSError) {
                applied.append(AppliedPart(part: part, found: try await part.ensure(in: jetStream, within: limit)))
            } catch {
                throw StreamPlanError(part: part, reason: error)
            }
        }
        return applied
    }
}
