/// Lowercase hexadecimal digits.
enum Hex {
    /// Writes the 16 digits of `value` at `offset`.
    static func write(_ value: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        for index in 0..<16 {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0xf
            bytes[offset + index] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        }
    }

    static func isLowercaseDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
}
