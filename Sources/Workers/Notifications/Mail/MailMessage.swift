import Worker

/// One mail. The same values make the same bytes, so that writing it a second time changes nothing.
struct MailMessage: Sendable {
    let from: MailAddress
    let to: MailAddress
    let date: Timestamp
    /// Without angle brackets; from characters of an e-mail address only.
    let id: String
    let words: RenderedMessage
    /// Ends messages of its kind with one POST (RFC 8058).
    var unsubscribeUrl: String?

    /// The message by RFC 5322 and RFC 2045: CRLF line ends, ASCII only, no line longer than 78 characters unless an
    /// address is. Text and page are alternatives (RFC 2046, section 5.1.4), the better one last.
    func rendered() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(1_024 + words.text.utf8.count * 2 + (words.html?.utf8.count ?? 0) * 5 / 4)
        output += (headers + "MIME-Version: 1.0\r\n").utf8
        guard let html = words.html else {
            Self.append("plain", words.text, to: &output)
            return output
        }
        // "=_" is in no text that is quoted-printable.
        let boundary = "=_\(id.prefix { $0 != "@" })"
        output += "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n".utf8
        for (type, text) in [("plain", words.text), ("html", html)] {
            output += "\r\n--\(boundary)\r\n".utf8
            Self.append(type, text, to: &output)
        }
        output += "\r\n--\(boundary)--\r\n".utf8
        return output
    }

    private var headers: String {
        var text =
            MailHeader.mailbox("From", from) + MailHeader.mailbox("To", to)
            + MailHeader.unstructured("Subject", words.subject)
            + "Date: \(MailDate.text(date))\r\nMessage-ID: <\(id)>\r\n"
            // RFC 3834: keeps out-of-office replies away.
            + "Auto-Submitted: auto-generated\r\n"
        if let unsubscribeUrl, let header = MailHeader.link("List-Unsubscribe", unsubscribeUrl) {
            text += header + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        }
        return text
    }

    private static func append(_ type: String, _ text: String, to output: inout [UInt8]) {
        output +=
            "Content-Type: text/\(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".utf8
        QuotedPrintable.encode(text, to: &output)
    }
}
