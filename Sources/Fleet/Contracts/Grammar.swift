/// The shapes of names in contracts.
enum Grammar {
    /// A token of a subject: `[A-Za-z0-9_-]{1,64}`.
    static func isToken(_ text: some StringProtocol) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }

    /// Tokens with dots between them; at least two, because the first is the worker.
    static func isSubject(_ text: String) -> Bool {
        let tokens = text.split(separator: ".", omittingEmptySubsequences: false)
        return 2...8 ~= tokens.count && tokens.allSatisfy(isToken)
    }

    /// A worker's name, which is also that of a database schema: `[a-z][a-z0-9_]*`, at most 32.
    static func isWorkerName(_ text: String) -> Bool {
        text.utf8.count <= 32 && isLowercase(text.utf8.first)
            && text.utf8.allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// The first token of a stream's subjects: `[a-z][a-z0-9_-]{0,63}`. Inboxes, `$SRV`, `$JS`, `$KV` and `$SYS` begin otherwise.
    static func isStreamPrefix(_ text: String) -> Bool {
        isToken(text) && isLowercase(text.utf8.first) && !text.utf8.contains(where: { isUppercase($0) })
            && !ReservedName.isReserved(text)
    }

    /// The type of a problem: `[a-z][a-z0-9-]*`, at most 64.
    static func isSlug(_ text: String) -> Bool {
        text.utf8.count <= 64 && isLowercase(text.utf8.first)
            && text.utf8.allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// A stream or an event type: `[A-Z][A-Z0-9_]*`, at most 64.
    static func isConstantName(_ text: String) -> Bool {
        text.utf8.count <= 64 && isUppercase(text.utf8.first)
            && text.utf8.allSatisfy { isUppercase($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// The name of a schema: `[A-Z][A-Za-z0-9]*`, at most 64.
    static func isTypeName(_ text: String) -> Bool {
        text.utf8.count <= 64 && isUppercase(text.utf8.first) && text.utf8.allSatisfy { isAlphanumeric($0) }
    }

    /// A member of a JSON object: `[A-Za-z][A-Za-z0-9_]*`, at most 64.
    static func isMemberName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
        return (isLowercase(first) || isUppercase(first))
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    /// What needs no escape in a URL (RFC 3986 unreserved), the dot segments left out.
    static func isPathSegment(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-._~".utf8.contains($0) }
    }

    /// An HTTP header that may travel on as a message header.
    static func isHeaderName(_ text: String) -> Bool {
        isToken(text) && isAlphanumeric(text.utf8.first ?? 0)
    }

    /// `MAJOR.MINOR.PATCH` with an optional pre-release and build, semver.org 2.0.
    static func isSemanticVersion(_ text: String) -> Bool {
        func identifiers(_ part: Substring, zeros: Bool) -> Bool {
            part.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { identifier in
                let isNumeric = identifier.utf8.allSatisfy { isDigit($0) }
                return !identifier.isEmpty
                    && identifier.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
                    && (zeros || !isNumeric || identifier == "0" || !identifier.hasPrefix("0"))
            }
        }
        let withBuild = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        guard let rest = withBuild.first else { return false }
        let withPreRelease = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let core = withPreRelease.first else { return false }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3
            && numbers.allSatisfy {
                isDigit($0.utf8.first) && $0.utf8.allSatisfy { isDigit($0) } && ($0 == "0" || !$0.hasPrefix("0"))
            }
            && withPreRelease.dropFirst().allSatisfy { identifiers($0, zeros: false) }
            && withBuild.dropFirst().allSatisfy { identifiers($0, zeros: true) }
    }

    private static func isLowercase(_ byte: UInt8?) -> Bool { byte.map { $0 &- UInt8(ascii: "a") < 26 } ?? false }
    private static func isUppercase(_ byte: UInt8?) -> Bool { byte.map { $0 &- UInt8(ascii: "A") < 26 } ?? false }
    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- UInt8(ascii: "0") < 10 } ?? false }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowercase(byte) || isUppercase(byte) || isDigit(byte)
    }
}
