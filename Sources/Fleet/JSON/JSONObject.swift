/// The members of a JSON object in the order of the source.
public struct JSONObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let name: String
        public let value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var members: [Member]

    /// The names must be distinct; the reader sees to that, callers have to.
    public init(_ members: [Member] = []) {
        self.members = members
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }

    /// The value of that member. Setting replaces it where it stands or appends it; setting nil removes it.
    public subscript(name: String) -> JSONValue? {
        get { index(of: name, startingAt: 0).map { members[$0].value } }
        set {
            switch (index(of: name, startingAt: 0), newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Looks at `hint` first, because senders mostly keep the order in which a reader asks.
    func index(of name: String, startingAt hint: Int) -> Int? {
        if hint < members.count, members[hint].name.isExactly(name) { return hint }
        for index in members.indices where members[index].name.isExactly(name) { return index }
        return nil
    }
}

extension String {
    /// Same bytes, for names in ASCII. `==` alone takes canonically equivalent texts for equal, and U+212A would pass for the
    /// letter K; but no text that is equivalent to an ASCII one and differs from it has the same length in UTF-8.
    @inline(__always)
    package func isExactly(_ other: String) -> Bool {
        self == other && utf8.count == other.utf8.count
    }
}
