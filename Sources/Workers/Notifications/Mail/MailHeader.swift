import FoundationEssentials

/// Header fields as RFC 5322 wants them: ASCII, folded at 78 columns, anything else as encoded words (RFC 2047).
enum MailHeader {
    static let lineLimit = 78
    /// RFC 2047, section 2: a line with an encoded word has at most 76 characters. `Subject: ` and 52 characters of
    /// base64 between `=?utf-8?B?` and `?=` stay below.
    private static let encodedBytes = 39

    /// `Subject: …`, with its line end.
    static func unstructured(_ name: String, _ text: String) -> String {
        let words = MailText.words(text)
        return folded(name, areFoldable(words) ? words : encodedWords(words.joined(separator: " ")))
    }

    /// `To: Ada Lovelace <ada@example.com>`, with its line end.
    static func mailbox(_ name: String, _ mailbox: MailAddress) -> String {
        guard let display = mailbox.name else { return folded(name, [mailbox.address]) }
        return folded(name, phrase(display) + ["<\(mailbox.address)>"])
    }

    /// `List-Unsubscribe: <https://…>`, with its line end; nil for what is no plain URL.
    static func link(_ name: String, _ url: String) -> String? {
        guard url.utf8.count <= 900, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E })
        else {
            return nil
        }
        return folded(name, ["<\(url)>"])
    }

    /// A display name: as it is where that is allowed, quoted where that is enough, encoded otherwise.
    private static func phrase(_ text: String) -> [String] {
        let words = MailText.words(text)
        guard areFoldable(words) else { return encodedWords(text) }
        if words.allSatisfy({ $0.utf8.allSatisfy(isAtomCharacter) }) { return words }
        guard text.utf8.count <= 60 else { return encodedWords(text) }
        var quoted = "\""
        for character in text {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return [quoted + "\""]
    }

    /// Whether the words are printable ASCII that folding can keep within the limit, and that nobody takes for encoded.
    private static func areFoldable(_ words: [String]) -> Bool {
        words.allSatisfy { word in
            word.utf8.count <= 60 && !word.contains("=?") && word.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }

    /// RFC 5322, section 3.2.3.
    private static func isAtomCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    /// Spaces between encoded words are dropped by readers, so that the text is cut where it is full, between scalars.
    private static func encodedWords(_ text: String) -> [String] {
        var words: [String] = []
        var piece: [UInt8] = []
        func close() {
            if !piece.isEmpty { words.append("=?utf-8?B?\(Data(piece).base64EncodedString())?=") }
            piece.removeAll()
        }
        for scalar in text.unicodeScalars {
            let bytes = UTF8.encode(scalar).map(Array.init) ?? []
            if piece.count + bytes.count > encodedBytes { close() }
            piece.append(contentsOf: bytes)
        }
        close()
        return words
    }

    private static func folded(_ name: String, _ words: [String]) -> String {
        var text = name + ":"
        var column = text.utf8.count
        // A header name alone on its line would leave an empty first line, which some readers refuse.
        var isFirst = true
        for word in words {
            if !isFirst, column + 1 + word.utf8.count > lineLimit {
                text += "\r\n"
                column = 0
            }
            text += " " + word
            column += 1 + word.utf8.count
            isFirst = false
        }
        return text + "\r\n"
    }
}
