import FoundationEssentials

extension JetStream {
    private struct Success: Decodable {
        let success: Bool?
    }

    /// Makes the durable consumer or changes what can be changed on it. Many processes may do this at once.
    ///
    /// - Throws: `.jetStream` when the stream is missing or a field cannot be changed (deliver policy), the last error when
    ///   JetStream stays unavailable for `limit`.
    public func ensureConsumer(
        _ configuration: ConsumerConfiguration, within limit: Duration = .seconds(15)
    ) async throws(NATSError) {
        try Self.check(name: configuration.stream, "stream")
        try Self.check(name: configuration.name, "consumer")
        let request: [String: JSONTree] = [
            "stream_name": .text(configuration.stream), "config": .object(configuration.fields),
        ]
        // Creates and updates (2.9 and later); the newer CONSUMER.CREATE would put the filter's wildcards into the subject.
        let operation = "CONSUMER.DURABLE.CREATE.\(configuration.stream).\(configuration.name)"
        try await patiently(within: limit) { () async throws(NATSError) in
            let _: ConsumerInformation = try await self.call(operation, request)
        }
    }

    /// The consumer's state; nil when it or its stream does not exist.
    public func consumerInformation(
        stream: String, consumer: String
    ) async throws(NATSError) -> ConsumerInformation? {
        try Self.check(name: stream, "stream")
        try Self.check(name: consumer, "consumer")
        do throws(NATSError) {
            return try await call("CONSUMER.INFO.\(stream).\(consumer)")
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    /// Deletes the consumer; false when there was none.
    @discardableResult
    public func deleteConsumer(stream: String, consumer: String) async throws(NATSError) -> Bool {
        try Self.check(name: stream, "stream")
        try Self.check(name: consumer, "consumer")
        do throws(NATSError) {
            let _: Success = try await call("CONSUMER.DELETE.\(stream).\(consumer)")
            return true
        } catch {
            guard error.isMissing else { throw error }
            return false
        }
    }
}

extension NATSError {
    /// Whether JetStream said that the consumer or its stream does not exist.
    var isMissing: Bool {
        switch code {
        case .jetStream(_, JetStream.ErrorCode.consumerNotFound), .jetStream(_, JetStream.ErrorCode.streamNotFound):
            true
        default: false
        }
    }
}
