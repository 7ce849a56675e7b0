/// Well-formed UTF-8 by table 3-7 of the Unicode standard: no overlong forms, surrogates or values above U+10FFFF.
enum UTF8Check {
    /// The offset of the first ill-formed sequence, or nil when there is none.
    static func firstFault(in bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + offset < bytes.count && range.contains(bytes[index + offset])
        }
        while index < bytes.count {
            let length: Int
            switch bytes[index] {
            case 0x00...0x7F: length = 1
            case 0xC2...0xDF where continues(1): length = 2
            case 0xE0 where continues(1, 0xA0...0xBF) && continues(2): length = 3
            case 0xED where continues(1, 0x80...0x9F) && continues(2): length = 3
            case 0xE1...0xEC where continues(1) && continues(2): length = 3
            case 0xEE...0xEF where continues(1) && continues(2): length = 3
            case 0xF0 where continues(1, 0x90...0xBF) && continues(2) && continues(3): length = 4
            case 0xF1...0xF3 where continues(1) && continues(2) && continues(3): length = 4
            case 0xF4 where continues(1, 0x80...0x8F) && continues(2) && continues(3): length = 4
            default: return index
            }
            index += length
        }
        return nil
    }
}
