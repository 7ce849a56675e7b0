import FoundationEssentials

extension JetStream {
    private struct Configured: Decodable {
        let config: [String: JSONTree]
    }

    private struct Success: Decodable {
        let success: Bool?
    }

    /// Makes the stream, or changes the fields that differ; does nothing when it is as wanted. Many processes may do this at
    /// once. Fields that ``StreamConfiguration`` does not name stay as they are.
    ///
    /// - Throws: `.jetStream` for what cannot be (another storage, subjects of another stream), the last error when
    ///   JetStream stays unavailable for `limit`.
    public func ensureStream(
        _ configuration: StreamConfiguration, within limit: Duration = .seconds(15)
    ) async throws(NATSError) {
        try Self.check(name: configuration.name, "stream")
        try await patiently(within: limit) { () async throws(NATSError) in
            try await self.ensureStreamOnce(configuration)
        }
    }

    private func ensureStreamOnce(_ configuration: StreamConfiguration) async throws(NATSError) {
        let name = configuration.name
        let wanted = configuration.fields
        var overlap: NATSError?
        for _ in 0..<3 {
            do throws(NATSError) {
                let _: Configured = try await call("STREAM.CREATE.\(name)", wanted)
                return
            } catch {
                switch error.code {
                case .jetStream(_, ErrorCode.streamNameInUse): break
                // Also said of the very stream that another process is making at this moment (seen with 2.9.10).
                case .jetStream(_, ErrorCode.subjectsOverlap): overlap = error
                default: throw error
                }
            }
            do throws(NATSError) {
                let present: Configured = try await call("STREAM.INFO.\(name)")
                guard wanted.contains(where: { present.config[$0.key] != $0.value }) else { return }
                let merged = present.config.merging(wanted) { _, new in new }
                let _: Configured = try await call("STREAM.UPDATE.\(name)", merged)
                return
            } catch {
                // Deleted in between: make it again.
                guard case .jetStream(_, ErrorCode.streamNotFound) = error.code else { throw error }
            }
        }
        if let overlap { throw overlap }
        throw NATSError(.timeout, "stream \(name) is deleted again and again")
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
