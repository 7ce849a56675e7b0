import FoundationEssentials

/// JetStream's word that a message is stored.
public struct PubAck: Sendable, Hashable {
    public let stream: String
    /// The message's number in the stream; that of the first copy when this one is a duplicate.
    public let sequence: UInt64
    /// The stream had a message with the same `Nats-Msg-Id` within its window.
    public let isDuplicate: Bool

    package init(stream: String, sequence: UInt64, isDuplicate: Bool) {
        self.stream = stream
        self.sequence = sequence
        self.isDuplicate = isDuplicate
    }

    /// Reads `{"stream":"S", "seq":1}` and its longer forms.
    init(reading bytes: UnsafeRawBufferPointer) throws(NATSError) {
        if let (stream, sequence) = Self.readShortForm(bytes) {
            self.init(stream: stream, sequence: sequence, isDuplicate: false)
            return
        }
        let answer: Answer = try JetStreamAnswer.decode(Data(bytes))
        guard let stream = answer.stream, let seq = answer.seq else {
            throw NATSError(.protocolViolation, "JetStream acknowledged a message without stream and sequence")
        }
        self.init(stream: stream, sequence: seq, isDuplicate: answer.duplicate ?? false)
    }

    private struct Answer: Decodable {
        let stream: String?
        let seq: UInt64?
        let duplicate: Bool?
    }

    /// The form nearly all answers have, as the server writes it: two fields in this order, nothing escaped.
    private static func readShortForm(_ bytes: UnsafeRawBufferPointer) -> (stream: String, sequence: UInt64)? {
        var reader = Reader(bytes: bytes)
        guard reader.skip(#"{"stream":""#), let name = reader.take(until: UInt8(ascii: "\"")),
            reader.skip(","), case _ = reader.skip(" "), reader.skip(#""seq":"#), let sequence = reader.number(),
            reader.skip("}"), reader.isAtEnd, !name.contains(UInt8(ascii: "\\"))
        else { return nil }
        return (String(decoding: name, as: UTF8.self), sequence)
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var index = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func skip(_ text: StaticString) -> Bool {
            guard bytes.count - index >= text.utf8CodeUnitCount else { return false }
            for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] {
                return false
            }
            index += text.utf8CodeUnitCount
            return true
        }

        mutating func take(until end: UInt8) -> Slice<UnsafeRawBufferPointer>? {
            let start = index
            while index < bytes.count, bytes[index] != end { index += 1 }
            guard index < bytes.count else { return nil }
            index += 1
            return bytes[start..<index - 1]
        }

        mutating func number() -> UInt64? {
            var value: UInt64 = 0
            let start = index
            while index < bytes.count, case let digit = bytes[index] &- 0x30, digit <= 9 {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
                guard !overflow, !carry else { return nil }
                value = sum
                index += 1
            }
            return index > start ? value : nil
        }
    }
}
