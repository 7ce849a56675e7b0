import Worker

/// What somebody tells of themselves; all of it may be left out.
struct Profile: Sendable {
    let avatarUrl: String?
    let bio: String?
    /// An object that the shop's pages keep things in; the fleet does not look at it.
    let preferences: [UInt8]
    let address: PostalAddress?

    static let maxPreferenceBytes = 8_192

    init(_ fields: inout Fields) {
        avatarUrl = fields.optionalValue("avatarUrl", WebAddress())
        bio = fields.optionalString("bio", length: 1...2_000, multiline: true)
        address = fields.optionalObject("address") { PostalAddress(&$0) }
        guard let given = fields.optionalJSON("preferences") else {
            preferences = Array("{}".utf8)
            return
        }
        preferences = given.bytes
        if given.object == nil {
            fields.refuse("preferences", "expected an object")
        } else if preferences.count > Self.maxPreferenceBytes {
            fields.refuse("preferences", "expected an object of at most \(Self.maxPreferenceBytes) bytes")
        }
    }
}
