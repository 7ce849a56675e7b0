import FoundationEssentials

extension JetStream {
    private struct Configured: Decodable {
        let config: [String: JSONTree]
    }

    private struct Success: Decodable {
        let success: Bool?
    }

    /// Looks whether the stream is there; makes it when it is missing, and changes the fields that differ. Many processes may do
    /// this at once. Fields that ``StreamConfiguration`` does not name stay as they are.
    ///
    /// - Returns: what was found: anything but `.asWanted` has been put right.
    /// - Throws: `.notPermitted`, `.jetStream` for what cannot be (another storage, subjects of another stream), the last error
    ///   when JetStream stays unavailable for `limit`.
    @discardableResult
    public func ensureStream(
        _ configuration: StreamConfiguration, within limit: Duration = .seconds(15)
    ) async throws(NATSError) -> JetStreamPresence {
        try Self.check(name: configuration.name, "stream")
        return try await patiently(within: limit) { () async throws(NATSError) in
            try await self.ensureStreamOnce(configuration)
        }
    }

    /// How the stream compares to the wanted one. Changes nothing.
    public func presence(of configuration: StreamConfiguration) async throws(NATSError) -> JetStreamPresence {
        try Self.check(name: configuration.name, "stream")
        return JetStreamPresence(try await presentStream(configuration.name), wanted: configuration.fields)
    }

    private func presentStream(_ name: String) async throws(NATSError) -> [String: JSONTree]? {
        do throws(NATSError) {
            let present: Configured = try await call("STREAM.INFO.\(name)")
            return present.config
        } catch {
            guard case .jetStream(_, ErrorCode.streamNotFound) = error.code else { throw error }
            return nil
        }
    }

    private func ensureStreamOnce(_ configuration: StreamConfiguration) async throws(NATSError) -> JetStreamPresence {
        let name = configuration.name
        let wanted = configuration.fields
        var overlap: NATSError?
        for _ in 0..<3 {
            let present = try await presentStream(name)
            let presence = JetStreamPresence(present, wanted: wanted)
            do throws(NATSError) {
                switch presence {
                case .asWanted: break
                case .missing:
                    let _: Configured = try await call("STREAM.CREATE.\(name)", wanted)
                case .different:
                    let merged = (present ?? [:]).merging(wanted) { _, new in new }
                    let _: Configured = try await call("STREAM.UPDATE.\(name)", merged)
                }
                return presence
            } catch {
                switch error.code {
                // Made or deleted by another process since it was looked for.
                case .jetStream(_, ErrorCode.streamNameInUse), .jetStream(_, ErrorCode.streamNotFound): break
                // Also said of the very stream that another process is making at this moment (seen with 2.9.10).
                case .jetStream(_, ErrorCode.subjectsOverlap): overlap = error
                default: throw error
                }
            }
        }
        if let overlap { throw overlap }
        throw NATSError(.timeout, "stream \(name) is made and deleted again and again")
    }

    /// The stream's state; nil when there is no such stream.
    public func streamInformation(_ name: String) async throws(NATSError) -> StreamInformation? {
        try Self.check(name: name, "stream")
        do throws(NATSError) {
            return try await call("STREAM.INFO.\(name)")
        } catch {
            guard case .jetStream(_, ErrorCode.streamNotFound) = error.code else { throw error }
            return nil
        }
    }

    /// Deletes the stream with all its messages and consumers; false when there was none.
    @discardableResult
    public func deleteStream(_ name: String) async throws(NATSError) -> Bool {
        try Self.check(name: name, "stream")
        do throws(NATSError) {
            let _: Success = try await call("STREAM.DELETE.\(name)")
            return true
        } catch {
            guard case .jetStream(_, ErrorCode.streamNotFound) = error.code else { throw error }
            return false
        }
    }

    /// Removes the messages of a stream, of one subject only when `subject` is given; returns how many.
    @discardableResult
    public func purgeStream(_ name: String, subject: String? = nil) async throws(NATSError) -> UInt64 {
        struct Purged: Decodable { let purged: UInt64 }
        try Self.check(name: name, "stream")
        let request: [String: JSONTree] = subject.map { ["filter": .text($0)] } ?? [:]
        let answer: Purged = try await call("STREAM.PURGE.\(name)", request)
        return answer.purged
    }
}
