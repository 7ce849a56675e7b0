import Worker

/// One mail. The same values make the same bytes, so that writing it a second time changes nothing.
struct MailMessage: Sendable {
    let from: MailAddress
    let to: MailAddress
    let subject: String
    let date: Timestamp
    /// Without angle brackets; from characters of an e-mail address only.
    let id: String
    /// Lines that end in LF.
    let text: String

    /// The message by RFC 5322 and RFC 2045: CRLF line ends, ASCII only, no line longer than 78 characters unless an
    /// address is.
    func rendered() -> [UInt8] {
        let isPlain = Self.isPlain(text)
        let header =
            MailHeader.mailbox("From", from) + MailHeader.mailbox("To", to)
            + MailHeader.unstructured("Subject", subject)
            + "Date: \(MailDate.text(date))\r\nMessage-ID: <\(id)>\r\n"
            // RFC 3834: keeps out-of-office replies away.
            + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: \(isPlain ? "7bit" : "quoted-printable")\r\n\r\n"
        return Array(header.utf8) + (isPlain ? Self.withLineEnds(text) : QuotedPrintable.encode(text))
    }

    /// Whether the text may stand as it is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
            line.count <= MailHeader.lineLimit && line.allSatisfy { (0x20...0x7E).contains($0) }
        }
    }

    private static func withLineEnds(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") { output.append(0x0D) }
            output.append(byte)
        }
        return output
    }
}
