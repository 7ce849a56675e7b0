import FoundationEssentials
import Worker

/// What a sign-in is counted by; nothing for callers inside the fleet, who are trusted.
struct SignInThrottle: Sendable {
    let client: [UInt8]?
    let pair: [UInt8]?
    let account: [UInt8]?

    @Reactor
    init(email: String, _ context: Context) {
        guard context.caller != .internal else {
            (client, pair, account) = (nil, nil, nil)
            return
        }
        let visitor = context.visitor
        client = AttemptKey.client("sign-in client", visitor)
        pair = AttemptKey.pair("sign-in", email, visitor)
        account = AttemptKey.account("sign-in address", email)
    }

    private static let end: Statement = "SELECT end_sign_in($1, $2, $3)"

    var keys: [Parameter] { [.bytes(client), .bytes(pair), .bytes(account)] }

    /// Takes the try back, with the commit of the sign-in; nil when it was not counted.
    var settlement: Query? { pair == nil ? nil : Query(Self.end, parameters: keys) }
}
