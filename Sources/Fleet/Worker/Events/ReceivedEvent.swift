public import JSON

public import struct FoundationEssentials.UUID

/// An event as a consumer gets it: in the order of its aggregate's versions, each once.
public struct ReceivedEvent: Sendable {
    public let id: UUID
    /// `PAYMENT_CONFIRMED`
    public let type: String
    public let aggregateId: UUID
    public let version: Int64
    /// When the producer wrote it.
    public let time: Timestamp
    /// The payload as the producer wrote it.
    public let body: [UInt8]
    let trace: String?

    /// Reads fields of the payload. Fields that are not asked for are no fault: producers may add some.
    ///
    /// - Throws: ``MalformedEvent`` when a field is missing or wrong; the event then goes to the dead letters.
    public func read<T>(_ body: (inout Fields) -> T) throws -> T {
        do {
            var fields = Fields(try JSONReader.parse(self.body))
            let result = body(&fields)
            try fields.finishIgnoringUnknown()
            return result
        } catch {
            throw MalformedEvent(description: "\(type) \(id.text): \(error)")
        }
    }
}

/// An event that cannot be understood, however often it is delivered.
public struct MalformedEvent: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}
