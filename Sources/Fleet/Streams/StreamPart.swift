public import NATS
import Reactor

/// A stream or a durable consumer that the contracts ask for.
public enum StreamPart: Sendable, Hashable {
    case stream(StreamConfiguration)
    case consumer(ConsumerConfiguration)

    /// How it compares to what is there. Changes nothing.
    /// - Throws: `NATSError`; `.notPermitted` for a user who may not even look.
    @Reactor
    public func presence(in jetStream: JetStream) async throws(NATSError) -> JetStreamPresence {
        switch self {
        case .stream(let configuration): try await jetStream.presence(of: configuration)
        case .consumer(let configuration): try await jetStream.presence(of: configuration)
        }
    }

    /// Makes it when it is missing, and changes it where it differs.
    ///
    /// - Parameter limit: how long JetStream may be unavailable.
    /// - Returns: what was found.
    /// - Throws: `NATSError`; `.notPermitted` when something is to be done and the user may not.
    @Reactor
    @discardableResult
    public func ensure(in jetStream: JetStream, within limit: Duration) async throws(NATSError) -> JetStreamPresence {
        switch self {
        case .stream(let configuration): try await jetStream.ensureStream(configuration, within: limit)
        case .consumer(let configuration): try await jetStream.ensureConsumer(configuration, within: limit)
        }
    }
}

extension StreamPart: CustomStringConvertible {
    /// `stream ORDER_EVENTS`, `consumer payments of ORDER_EVENTS`
    public var description: String {
        switch self {
        case .stream(let configuration): "stream \(configuration.name)"
        case .consumer(let configuration): "consumer \(configuration.name) of \(configuration.stream)"
        }
    }
}
