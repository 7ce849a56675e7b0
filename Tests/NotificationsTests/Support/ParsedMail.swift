import FoundationEssentials
import Testing

/// A mail as a reader sees it: headers unfolded and decoded, the text decoded. Written from the RFCs, without the code
/// that it is meant to check.
struct ParsedMail {
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var text = ""
    /// Empty when there is no page.
    private(set) var html = ""
    /// Those of a multipart mail, with their types.
    private(set) var parts: [(type: String, text: String)] = []
    /// Without CRLF.
    let lines: [String]

    init(_ bytes: [UInt8]) throws {
        let raw = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
        lines = Self.split(raw)
        // No CR or LF but in pairs.
        #expect(lines.allSatisfy { !$0.utf8.contains(0x0D) && !$0.utf8.contains(0x0A) })
        let blank = try #require(lines.firstIndex(of: ""))
        for line in lines[..<blank] {
            if line.first == " " || line.first == "\t" {
                try #require(!headers.isEmpty)
                headers[headers.count - 1].value += line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                headers.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        headers = headers.map { ($0.name, Self.decodeWords(String($0.value.drop { $0 == " " }))) }
        let body = lines[(blank + 1)...]
        guard let type = self["Content-Type"], type.hasPrefix("multipart/alternative;") else {
            text = try Self.decodeQuotedPrintable(body)
            return
        }
        let boundary = "--" + (try #require(type.split(separator: "\"").dropFirst().first))
        let pieces = body.split(omittingEmptySubsequences: false) { $0 == boundary || $0 == boundary + "--" }
        // Before the first boundary and after the last one there is nothing to see.
        for piece in pieces.dropFirst().dropLast() {
            let end = try #require(piece.firstIndex(of: ""))
            let head = piece[..<end].compactMap { line in line.split(separator: ": ", maxSplits: 1).last }
            #expect(head.last == "quoted-printable")
            // The line end before a boundary belongs to it.
            parts.append((String(head.first ?? ""), try Self.decodeQuotedPrintable(piece[(end + 1)...])))
        }
        text = parts.first?.text ?? ""
        html = parts.last?.text ?? ""
    }

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    private static func split(_ text: String) -> [String] {
        var lines: [[UInt8]] = [[]]
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x0D, rest.first == 0x0A {
                rest.removeFirst()
                lines.append([])
            } else {
                lines[lines.count - 1].append(byte)
            }
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// RFC 2047: white space between encoded words is no part of the text.
    private static func decodeWords(_ value: String) -> String {
        var output = ""
        var wasEncoded = false
        for word in value.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
            if word.hasPrefix("=?utf-8?B?"), word.hasSuffix("?="),
                let data = Data(base64Encoded: String(word.dropFirst(10).dropLast(2)))
            {
                // Each word is complete UTF-8 by itself.
                #expect(String(validating: Array(data), as: UTF8.self) != nil)
                if !wasEncoded, !output.isEmpty { output += " " }
                output += String(decoding: data, as: UTF8.self)
                wasEncoded = true
            } else {
                if !output.isEmpty { output += " " }
                output += word
                wasEncoded = false
            }
        }
        return output
    }

    private static func decodeQuotedPrintable(_ lines: ArraySlice<String>) throws -> String {
        var output: [UInt8] = []
        for (index, line) in zip(lines.indices, lines) {
            #expect(line.last != " " && line.last != "\t")
            var rest = Array(line.utf8)[...]
            var isSoft = false
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "=") else {
                    output.append(byte)
                    continue
                }
                if rest.isEmpty {
                    isSoft = true
                } else {
                    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                    output.append(try #require(UInt8(digits, radix: 16)))
                    rest = rest.dropFirst(2)
                }
            }
            if !isSoft, index != lines.indices.last { output.append(0x0A) }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
