import FoundationEssentials

extension JetStream {
    private struct Success: Decodable {
        let success: Bool?
    }

    private struct Configured: Decodable {
        var config: [String: JSONTree]
    }

    /// Looks whether the durable consumer is there; makes it when it is missing, and changes what can be changed on it where it
    /// differs. Many processes may do this at once.
    ///
    /// - Returns: what was found: anything but `.asWanted` has been put right.
    /// - Throws: `.notPermitted`, `.jetStream` when the stream is missing or a field cannot be changed (deliver policy), the
    ///   last error when JetStream stays unavailable for `limit`.
    @discardableResult
    public func ensureConsumer(
        _ configuration: ConsumerConfiguration, within limit: Duration = .seconds(15)
    ) async throws(NATSError) -> JetStreamPresence {
        try Self.check(configuration)
        let request: [String: JSONTree] = [
            "stream_name": .text(configuration.stream), "config": .object(configuration.fields),
        ]
        // Creates and updates (2.9 and later); the newer CONSUMER.CREATE would put the filter's wildcards into the subject.
        let operation = "CONSUMER.DURABLE.CREATE.\(configuration.stream).\(configuration.name)"
        return try await patiently(within: limit) { () async throws(NATSError) in
            let presence = try await self.presence(of: configuration)
            if presence != .asWanted { let _: Configured = try await self.call(operation, request) }
            return presence
        }
    }

    /// How the durable compares to the wanted one; missing too when its stream is. Changes nothing.
    public func presence(of configuration: ConsumerConfiguration) async throws(NATSError) -> JetStreamPresence {
        try Self.check(configuration)
        var wanted = configuration.fields
        do throws(NATSError) {
            var present: Configured = try await call("CONSUMER.INFO.\(configuration.stream).\(configuration.name)")
            // What is not there has to count: a filter that nobody wants keeps events away.
            for key in ["filter_subject", "filter_subjects"] {
                wanted[key] = wanted[key] ?? .null
                present.config[key] = present.config[key] ?? .null
            }
            return JetStreamPresence(present.config, wanted: wanted)
        } catch {
            guard error.isMissing else { throw error }
            return .missing
        }
    }

    private static func check(_ configuration: ConsumerConfiguration) throws(NATSError) {
        try check(name: configuration.stream, "stream")
        try check(name: configuration.name, "consumer")
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
