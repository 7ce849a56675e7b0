import JSON
import Testing

@testable import Notifications

@Suite("A mail")
struct MailMessageTests {
    static func message(
        subject: String = "Your order", name: String? = "Ada Lovelace", address: String = "ada@example.com",
        text: String = "Hello Ada,\n\nall is well.\n", html: String? = nil, unsubscribeUrl: String? = nil
    ) throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress(parsing: "Flotilla <no-reply@flotilla.example>")),
            to: try #require(MailAddress(name: name, address: address)), date: Timestamp(seconds: 1_769_860_800),
            id: "01890a5d-ac96-774b-bcce-b302099a8057@flotilla.example",
            words: RenderedMessage(subject: subject, text: text, html: html), unsubscribeUrl: unsubscribeUrl)
    }

    @Test("is, byte for byte, what RFC 5322 wants")
    func plain() throws {
        #expect(
            String(decoding: try Self.message().rendered(), as: UTF8.self)
                == """
                From: Flotilla <no-reply@flotilla.example>\r
                To: Ada Lovelace <ada@example.com>\r
                Subject: Your order\r
                Date: Sat, 31 Jan 2026 12:00:00 +0000\r
                Message-ID: <01890a5d-ac96-774b-bcce-b302099a8057@flotilla.example>\r
                Auto-Submitted: auto-generated\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                Hello Ada,\r
                \r
                all is well.\r\n
                """)
    }

    /// Everything that could end a line or a header, or hide something.
    static let attacks = [
        "Ada\r\nBcc: eve@example.com", "Ada\nBcc: eve@example.com", "Ada\rBcc: eve@example.com", "\r\n\r\nEvil body",
        "Ada\u{0}Bcc: eve@example.com", "Ada\u{85}Bcc: eve@example.com", "Ada\u{2028}Bcc: eve@example.com",
        "Ada\u{2029}\u{0B}\u{0C}\u{1C}\u{7F}", "\u{1B}[31mAda", "Ada\r\n \r\n\tX-Evil: yes",
        "=?utf-8?B?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
        "Ada>, Eve <eve@example.com", "\"Ada\" <eve@example.com>, \"", "Ada \\\" <eve@example.com>", "Ada (comment",
        "Ada; group:",
        "é\r\nBcc: eve@example.com", String(repeating: "\r\n", count: 500), "Äda\r\n.\r\nMAIL FROM:<eve@example.com>",
    ]

    @Test("has the headers that were meant and no others, whatever name and subject contain", arguments: attacks)
    func injection(attack: String) throws {
        let names = [
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding",
        ]
        for message in [
            try Self.message(subject: attack), try Self.message(name: attack),
            try Self.message(subject: attack, name: attack),
        ] {
            let mail = try ParsedMail(message.rendered())
            #expect(mail.headers.map(\.name) == names)
            #expect(mail["Subject"] == MailText.cleaned(message.words.subject))
            #expect(mail["To"]?.hasSuffix("<ada@example.com>") == true || mail["To"] == "ada@example.com")
            #expect(mail.text == "Hello Ada,\n\nall is well.\n")
        }
    }

    @Test("a name can hold no second address: what is special in it is quoted or encoded", arguments: attacks)
    func oneMailbox(attack: String) throws {
        let header = MailHeader.mailbox("To", try #require(MailAddress(name: attack, address: "ada@example.com")))
        // Outside of quotes there is one angle bracket and no comma, colon or semicolon.
        var outside = ""
        var isQuoted = false
        var isEscaped = false
        for character in header.dropFirst("To:".count) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if !isQuoted {
                outside.append(character)
            }
        }
        #expect(!isQuoted)
        #expect(outside.filter { $0 == "<" || $0 == ">" || $0 == "@" } == "<@>" || outside == " ada@example.com\r\n")
        #expect(!outside.contains { ",;:()".contains($0) })
    }

    static let subjects = [
        "Welcome", "Willkommen, Jürgen", "李さん、ようこそ", "👩‍🔬 " + String(repeating: "ß", count: 120),
        String(repeating: "word ", count: 60), String(repeating: "x", count: 300), "costs 5 €", "=?not encoded?=", "",
        "   ",
        String(repeating: "é ", count: 39), "tabs\tand  double  spaces",
    ]

    @Test("carries any subject in lines of at most 78 characters, 76 where they are encoded", arguments: subjects)
    func subject(subject: String) throws {
        let mail = try ParsedMail(try Self.message(subject: subject).rendered())
        #expect(mail["Subject"] == MailText.cleaned(subject))
        for line in mail.lines { #expect(line.utf8.count <= (line.contains("=?") ? 76 : 78), "\(line)") }
    }

    static let names = [
        ("Ada Lovelace", "Ada Lovelace <ada@example.com>"), ("O'Brien", "O'Brien <ada@example.com>"),
        ("Dr. Ada, Countess", "\"Dr. Ada, Countess\" <ada@example.com>"),
        ("A \"B\" \\C", #""A \"B\" \\C" <ada@example.com>"#),
        ("", "ada@example.com"), (" \r\n ", "ada@example.com"), ("Łukasz Żółć", "Łukasz Żółć <ada@example.com>"),
    ]

    @Test("writes names plain, quoted or encoded, as little as is needed", arguments: names)
    func name(name: String, header: String) throws {
        #expect(try ParsedMail(try Self.message(name: name).rendered())["To"] == header)
    }

    @Test("keeps the longest names and addresses apart on lines of their own")
    func long() throws {
        let address = String(repeating: "a", count: 243) + "@example.com"
        for name in [
            String(repeating: "é", count: 201), String(repeating: "x", count: 201),
            String(repeating: "a b ", count: 50),
        ] {
            let mail = try ParsedMail(try Self.message(name: name, address: address).rendered())
            #expect(mail["To"] == "\(MailText.cleaned(name)) <\(address)>")
            #expect(mail.lines.allSatisfy { $0.utf8.count <= 78 || $0 == " <\(address)>" })
        }
    }

    static let texts = [
        "Hello Ada,\n", "Grüße\n", "trailing space \nnext\t\n", "a = b\n", String(repeating: "é", count: 500) + "\n",
        String(repeating: "x", count: 2_000) + "\n", "no line end", "\n\n\n", ".\n..\nFrom here\n", "=\n=20\n==\n",
        String(repeating: "x", count: 75) + "=\n" + String(repeating: "x", count: 76) + "\n"
            + String(repeating: "y", count: 79),
        "👩‍🔬\u{0}\u{7}\n", "lone\rCR\n",
    ]

    @Test("carries any text in lines of at most 78 characters", arguments: texts)
    func text(text: String) throws {
        let mail = try ParsedMail(try Self.message(text: text).rendered())
        let expected = text.utf8.last == 0x0A ? text : text + "\n"
        #expect(mail.text == expected)
        #expect(mail.lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("carries text and page as alternatives, the page last, and both as they are")
    func alternatives() throws {
        let html = "<p>Grüße &amp; <b>=</b></p>\n" + String(repeating: "x", count: 300) + "\n"
        let mail = try ParsedMail(try Self.message(text: "Grüße\n", html: html).rendered())
        #expect(mail["Content-Type"]?.hasPrefix("multipart/alternative;") == true)
        #expect(mail.parts.map(\.type) == ["text/plain; charset=utf-8", "text/html; charset=utf-8"])
        #expect(mail.text == "Grüße\n")
        #expect(mail.html == html)
        #expect(mail.lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("names the link that ends it, for one click, and no link that could break out")
    func unsubscribe() throws {
        let url = "https://shop.example/api/v1/notifications/unsubscribe/" + String(repeating: "t", count: 120)
        let mail = try ParsedMail(try Self.message(unsubscribeUrl: url).rendered())
        #expect(mail["List-Unsubscribe"] == "<\(url)>")
        #expect(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
        for bad in ["https://a b", "https://a>\r\nBcc: eve@example.com", "https://é"] {
            let mail = try ParsedMail(try Self.message(unsubscribeUrl: bad).rendered())
            #expect(mail["List-Unsubscribe"] == nil && mail["List-Unsubscribe-Post"] == nil)
        }
    }

    @Test("is the same, byte for byte, however often it is rendered")
    func stable() throws {
        let message = try Self.message(subject: "Grüße", name: "Łukasz", text: "Żółć\n")
        #expect(message.rendered() == message.rendered())
    }

    static let dates: [(Int64, String)] = [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 +0000"),
    ]

    @Test("has a date by RFC 5322", arguments: dates)
    func date(seconds: Int64, text: String) {
        #expect(MailDate.text(Timestamp(seconds: seconds)) == text)
    }

    static let addresses =
        [
            ("Flotilla <a@b.cd>", "Flotilla", "a@b.cd"), ("a@b.cd", nil, "a@b.cd"), ("<a@b.cd>", nil, "a@b.cd"),
            ("Flotilla", nil, nil), ("Flotilla <a@b.cd", nil, nil), ("x <a@b.cd>, y <c@d.ef>", nil, nil),
            ("", nil, nil),
            ("A <a@b.cd\r\nBcc: e@f.gh>", nil, nil),
        ] as [(String, String?, String?)]

    @Test("a sender is an address with or without a name", arguments: addresses)
    func sender(text: String, name: String?, address: String?) {
        let parsed = MailAddress(parsing: text)
        #expect(parsed?.address == address)
        #expect(parsed?.name == name)
        if address == nil {
            #expect(throws: NotificationsSettingsError.self) {
                try NotificationsSettings(mail: .folder("mail"), templates: ShippedTemplates.load(), from: text)
            }
        }
    }
}
