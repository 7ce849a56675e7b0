public import Contracts
public import NATS

extension ConsumerConfiguration {
    /// Messages that one instance of a worker has in its hands at most, and has not acknowledged.
    public static let heldByInstance = 512

    /// The durable of a worker: one for each stream that it consumes, shared by its instances.
    public init(of worker: String, on stream: EventStream) {
        self.init(stream: stream.name, name: worker)
        ackWait = .seconds(30)
        maximumAckPending = 4 * Self.heldByInstance
    }
}
