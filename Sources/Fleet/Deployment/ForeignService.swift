/// A worker of others: the ingress finds it by the service protocol, there is no contract of it.
public struct ForeignService: Sendable, Hashable {
    /// What it calls itself in the service protocol, and its user of the broker.
    public let name: String
    /// What it listens to, `reviews.>`.
    public let subjects: String

    /// - Parameter text: `NAME`, for the subjects `NAME.>`, or `NAME=SUBJECT-PREFIX.>`.
    /// - Throws: when the name or the subjects cannot be those of a service.
    public init(_ text: String) throws(BrokerPermissionsError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(sides[0])
        guard Self.isToken(name[...]), name.first?.isLetter == true else {
            throw BrokerPermissionsError(
                "\(name.debugDescription) is no name of a service: a letter, then letters, digits, _ and -, at most 64")
        }
        let subjects = sides.count == 2 ? String(sides[1]) : "\(name).>"
        let tokens = subjects.split(separator: ".", omittingEmptySubsequences: false)
        guard 2...8 ~= tokens.count, tokens.last == ">", tokens.dropLast().allSatisfy(Self.isToken),
            subjects.first != "_"
        else {
            throw BrokerPermissionsError(
                "\(subjects.debugDescription) are no subjects of the service \(name): expected a prefix such as \(name).>"
            )
        }
        self.name = name
        self.subjects = subjects
    }

    /// The first token of the subjects.
    var namespace: Substring { subjects.prefix { $0 != "." } }

    /// Whether one of both could hear what is meant for the other.
    func overlaps(_ other: ForeignService) -> Bool {
        let (own, others) = (subjects.dropLast(), other.subjects.dropLast())
        return own.hasPrefix(others) || others.hasPrefix(own)
    }

    private static func isToken(_ text: Substring) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
