/// What may not stand in the code.
enum CodeRules {
    static let lineLimit = 400

    static func violations(in file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        func note(_ line: Int, _ rule: String) { found.append(Violation(path: file.path, line: line, rule: rule)) }
        if file.isSwift, file.lines.count > lineLimit + 1 { note(file.lines.count, "more than \(lineLimit) lines") }
        for (number, line) in file.numbered(file.lines, with: "/wo", "/fa", "/ro", "/tm")
        where names(machinePath: line, in: file) {
            note(number, "a path of one machine")
        }
        guard file.isSwift, let floor = file.floor else { return found }
        for (number, line) in file.numbered(file.code, with: "try!", "as!", "fatalError(") {
            if line.contains(/\btry!/) { note(number, "try! can bring a process down") }
            if line.contains(/\bas!/) { note(number, "as! can bring a process down") }
            if line.contains(/\bfatalError\(/) { note(number, "fatalError brings a process down") }
        }
        for (number, line) in file.numbered(file.code, with: "@unchecked", "nonisolated(unsafe)")
        where line.contains(/@unchecked\s+Sendable|nonisolated\(unsafe\)/) && !file.hasComment(besideLine: number) {
            note(number, "no line beside it that says why it is safe")
        }
        for (number, line) in file.numbered(file.code, with: "rint(", "dump(")
        where floor != "Commands" && line.contains(/(^|[^.\w])(print|debugPrint|dump)\(/) {
            note(number, "print outside Commands")
        }
        for (number, line) in file.numbered(file.code, with: "public", "package")
        where line.contains(/\b(public|package)\b/) && line.contains(cType) {
            note(number, "a C type in a signature that others see")
        }
        for (number, line) in file.numbered(file.lines, with: "TO" + "DO", "FIX" + "ME", "XX" + "X")
        where line.contains(unfinished) {
            note(number, "unfinished")
        }
        return found
    }

    private static var cType: Regex<Substring> {
        /\b(?:OpaquePointer|nats(?:Msg|Connection|Subscription|Options|Status)\b|js(?:Ctx|PubAck)\b|PG(?:conn|result)\b)/
    }

    private static var unfinished: Regex<Substring> { /\b(?:TODO|FIXME|XXX)\b/ }

    private static func names(machinePath line: Substring, in file: SourceFile) -> Bool {
        guard !file.path.hasPrefix("Tests/HouseTests/") else { return false }
        if line.contains(/(^|[^A-Za-z0-9_.$}])\/(work|farm|root)\//) { return true }
        return file.isSwift && line.contains(/"\/tmp\//)
    }
}
