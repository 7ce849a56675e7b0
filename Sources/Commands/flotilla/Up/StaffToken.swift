import Users
import Worker

/// The token of a member of staff for the fleet on this machine.
enum StaffToken {
    /// A token with the role `staff`, signed with the fleet's own key and good for 30 days: `up` may run for long.
    static func make(keyFile: String) throws -> String {
        try TokenSigner(seedFile: keyFile).sign(subject: UUIDv7.next(), role: .staff, lifetime: .seconds(30 * 86_400))
    }
}
