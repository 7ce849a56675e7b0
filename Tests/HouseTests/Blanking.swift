/// Replaces the insides of comments and string literals by blanks, keeping lines and columns.
enum Blanking {
    private enum Context: Equatable {
        case code
        /// Code inside `\( … )`, with the depth of its parentheses.
        case interpolation(depth: Int)
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, isMultiline: Bool)
    }

    static func blank(_ text: String) -> String {
        var scanner = Scanner(bytes: Array(text.utf8))
        scanner.run()
        return String(decoding: scanner.output, as: UTF8.self)
    }

    private struct Scanner {
        let bytes: [UInt8]
        var output: [UInt8] = []
        var position = 0
        var stack: [Context] = [.code]

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func run() {
            output.reserveCapacity(bytes.count)
            while position < bytes.count {
                switch stack.last ?? .code {
                case .code: code(depth: nil)
                case .interpolation(let depth): code(depth: depth)
                case .lineComment:
                    if bytes[position] == UInt8(ascii: "\n") { stack.removeLast() }
                    skip(1)
                case .blockComment(let depth): blockComment(depth)
                case .string(let hashes, let isMultiline): string(hashes, isMultiline)
                }
            }
        }

        private func at(_ text: StaticString, _ offset: Int = 0) -> Bool {
            let start = position + offset
            guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
            return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
        }

        private func hashes(_ offset: Int = 0) -> Int {
            bytes[min(position + offset, bytes.count)...].prefix { $0 == UInt8(ascii: "#") }.count
        }

        private mutating func keep(_ count: Int) {
            output += bytes[position..<min(position + count, bytes.count)]
            position += count
        }

        private mutating func skip(_ count: Int) {
            for byte in bytes[position..<min(position + count, bytes.count)] {
                output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
            }
            position += count
        }

        private mutating func code(depth: Int?) {
            let count = hashes()
            if at("//") {
                stack.append(.lineComment)
                skip(2)
            } else if at("/*") {
                stack.append(.blockComment(depth: 1))
                skip(2)
            } else if at("\"", count) {
                let isMultiline = at("\"\"\"", count)
                stack.append(.string(hashes: count, isMultiline: isMultiline))
                keep(count + (isMultiline ? 3 : 1))
            } else if let depth, at("(") {
                stack[stack.count - 1] = .interpolation(depth: depth + 1)
                keep(1)
            } else if let depth, at(")") {
                if depth == 0 { stack.removeLast() } else { stack[stack.count - 1] = .interpolation(depth: depth - 1) }
                keep(1)
            } else {
                keep(max(count, 1))
            }
        }

        private mutating func blockComment(_ depth: Int) {
            if at("/*") {
                stack[stack.count - 1] = .blockComment(depth: depth + 1)
                skip(2)
            } else if at("*/") {
                if depth == 1 { stack.removeLast() } else { stack[stack.count - 1] = .blockComment(depth: depth - 1) }
                skip(2)
            } else {
                skip(1)
            }
        }

        private mutating func string(_ count: Int, _ isMultiline: Bool) {
            let isEnd = isMultiline ? at("\"\"\"") : at("\"")
            let quotes = isMultiline ? 3 : 1
            if isEnd, hashes(quotes) >= count {
                stack.removeLast()
                keep(quotes + count)
            } else if at("\\"), hashes(1) >= count {
                if at("(", 1 + count) {
                    stack.append(.interpolation(depth: 0))
                    skip(2 + count)
                } else {
                    skip(2 + count)
                }
            } else if !isMultiline, at("\n") {
                // Not a string after all, such as a quote inside a regular expression literal.
                stack.removeLast()
                skip(1)
            } else {
                skip(1)
            }
        }
    }
}
