extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-01-31T12:00:00.000Z`.
    public var text: String {
        var writer = JSONWriter(capacity: 32)
        writer.appendTimestamp(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    public var description: String { text }

    /// Reads an RFC 3339 date-time with `Z` or an offset. Fractions beyond microseconds are cut; a leap second is refused.
    public init?(text: String) {
        var reader = DateTimeReader(bytes: Array(text.utf8))
        guard let microseconds = reader.read() else { return nil }
        self.init(microseconds: microseconds)
    }
}

extension JSONWriter {
    mutating func appendTimestamp(_ timestamp: Timestamp) {
        let milliseconds = timestamp.milliseconds
        let days = milliseconds.flooredQuotient(86_400_000)
        let date = CivilDate(daysSince1970: days)
        let time = UInt64(milliseconds - days * 86_400_000)
        appendDigits(UInt64(max(0, date.year)), width: 4)
        append(UInt8(ascii: "-"))
        appendDigits(UInt64(date.month), width: 2)
        append(UInt8(ascii: "-"))
        appendDigits(UInt64(date.day), width: 2)
        append(UInt8(ascii: "T"))
        appendDigits(time / 3_600_000, width: 2)
        append(UInt8(ascii: ":"))
        appendDigits(time / 60_000 % 60, width: 2)
        append(UInt8(ascii: ":"))
        appendDigits(time / 1000 % 60, width: 2)
        append(UInt8(ascii: "."))
        appendDigits(time % 1000, width: 3)
        append(UInt8(ascii: "Z"))
    }
}

private struct DateTimeReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Microseconds since 1970.
    mutating func read() -> Int64? {
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            skip("T") || skip("t"), let hour = digits(2), skip(":"), let minute = digits(2), skip(":"),
            let second = digits(2), let fraction = fraction(), let offset = offsetMinutes(), position == bytes.count,
            let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60
        else { return nil }
        let minutes = date.daysSince1970 * 1440 + hour * 60 + minute - offset
        return (minutes * 60 + second) * 1_000_000 + fraction
    }

    private mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var result: Int64 = 0
        for byte in bytes[position..<position + count] {
            guard byte &- 0x30 < 10 else { return nil }
            result = result * 10 + Int64(byte - 0x30)
        }
        position += count
        return result
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var result: Int64 = 0
        var unit: Int64 = 100_000
        let start = position
        while let digit = digits(1) {
            result += digit * unit
            unit /= 10
        }
        return 1...9 ~= position - start ? result : nil
    }

    private mutating func offsetMinutes() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isNegative = skip("-")
        guard isNegative || skip("+"), let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isNegative ? -1 : 1)
    }
}
