/// One user of the broker and all that it may do.
struct BrokerUser: Sendable, Hashable {
    /// What a user may do; nil stands for everything.
    struct Permissions: Sendable, Hashable {
        var publish: [String] = []
        /// `subject` or `subject queue`; with a queue only its members may subscribe.
        var subscribe: [String] = []
        /// How long after a request one reply to it may go out; nil for users that answer nobody.
        var replyLimit: Duration?
    }

    let name: String
    let permissions: Permissions?
}
