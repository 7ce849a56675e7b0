public import FoundationEssentials

extension JSONWriter {
    public mutating func null() {
        literal("null")
    }

    public mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    public mutating func int(_ value: Int) {
        int(Int64(value))
    }

    public mutating func int(_ value: Int64) {
        startValue()
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDigits(value.magnitude)
    }

    public mutating func int(_ value: UInt64) {
        startValue()
        appendDigits(value)
    }

    /// The exact decimal number: 5998 with scale 2 is written as 59.98, 5000 as 50.00.
    public mutating func decimal(minorUnits: Int64, scale: Int) {
        startValue()
        appendDecimal(minorUnits, scale: scale)
    }

    public mutating func number(_ value: JSONNumber) {
        raw(value.text.utf8)
    }

    public mutating func string(_ value: String) {
        startValue()
        appendQuoted(value)
    }

    /// Lowercase, 36 characters.
    public mutating func uuid(_ value: UUID) {
        startValue()
        append(UInt8(ascii: "\""))
        value.withLowercaseText { append($0) }
        append(UInt8(ascii: "\""))
    }

    /// RFC 3339 in UTC with milliseconds, for instance "2026-01-31T12:00:00.000Z".
    public mutating func timestamp(_ value: Timestamp) {
        startValue()
        append(UInt8(ascii: "\""))
        appendTimestamp(value)
        append(UInt8(ascii: "\""))
    }

    /// The same, from microseconds since 1970.
    public mutating func timestamp(microseconds: Int64) {
        timestamp(Timestamp(microseconds: microseconds))
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    private mutating func literal(_ text: StaticString) {
        startValue()
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func appendDecimal(_ minorUnits: Int64, scale: Int) {
        // More places than an Int64 has digits make no sense and would overflow.
        let scale = min(max(scale, 0), 18)
        if minorUnits < 0 { append(UInt8(ascii: "-")) }
        var unit: UInt64 = 1
        for _ in 0..<scale { unit *= 10 }
        let (whole, fraction) = minorUnits.magnitude.quotientAndRemainder(dividingBy: unit)
        appendDigits(whole)
        guard scale > 0 else { return }
        append(UInt8(ascii: "."))
        appendDigits(fraction, width: scale)
    }

    mutating func appendQuoted(_ value: String) {
        var value = value
        append(UInt8(ascii: "\""))
        value.withUTF8 { text in
            if text.contains(where: Self.needsEscape) {
                appendEscaped(text)
            } else {
                append(text)
            }
        }
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    @inline(never)
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        for byte in text {
            guard Self.needsEscape(byte) else {
                append(byte)
                continue
            }
            append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
            case 0x08: append(UInt8(ascii: "b"))
            case 0x09: append(UInt8(ascii: "t"))
            case 0x0A: append(UInt8(ascii: "n"))
            case 0x0C: append(UInt8(ascii: "f"))
            case 0x0D: append(UInt8(ascii: "r"))
            default:
                append(UInt8(ascii: "u"))
                append(UInt8(ascii: "0"))
                append(UInt8(ascii: "0"))
                append(HexDigit.character(byte >> 4))
                append(HexDigit.character(byte))
            }
        }
    }
}
