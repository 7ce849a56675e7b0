import JSON

/// A text that is compared by its bytes: Swift takes canonically equivalent texts for equal, JSON does not.
struct ExactText: Sendable, Hashable {
    let text: String
    private let isASCII: Bool

    init(_ text: String) {
        self.text = text
        isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    }

    @inline(__always)
    func matches(_ other: String) -> Bool {
        isASCII ? other.isExactly(text) : other.utf8.elementsEqual(text.utf8)
    }
}
