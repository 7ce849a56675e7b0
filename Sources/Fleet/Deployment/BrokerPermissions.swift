public import Contracts

/// Who may do what on the broker, by the contracts: a user for each worker, one for the ingress and one for operators.
///
/// JetStream looks at the subject of a call and not at its body. A worker that may make a stream can therefore give it
/// any settings, within the limits of the account.
public struct BrokerPermissions: Sendable {
    /// Where the passwords of the users come from.
    public enum Passwords: Sendable {
        /// Variables of the server's environment, ``BrokerPermissions/passwordVariable(of:)``. The server reads their
        /// values like text of its configuration: one with a digit in front needs quotes around it.
        case environment
        /// By user, as they are. Who has none here keeps its variable.
        case given([String: String])
    }

    /// The user of the ingress.
    public static let ingress = "ingress"
    /// The user of people and tools that may do everything.
    public static let operatorName = "operator"
    /// The account of all users.
    public static let account = "FLEET"

    /// In the order of the configuration.
    let users: [BrokerUser]

    /// - Parameter keysSubject: where the ingress gets the keys that tokens are checked with.
    /// - Throws: when a worker has the name of a user that is not a worker's.
    public init(_ contracts: ContractSet, keysSubject: String = "users.keys") throws(BrokerPermissionsError) {
        for contract in contracts.contracts where [Self.ingress, Self.operatorName].contains(contract.name) {
            throw BrokerPermissionsError(worker: contract.name)
        }
        users =
            contracts.contracts.map { BrokerUser(name: $0.name, permissions: .worker($0, contracts)) }
            + [
                BrokerUser(name: Self.ingress, permissions: .ingress(contracts, keysSubject: keysSubject)),
                BrokerUser(name: Self.operatorName, permissions: nil),
            ]
    }

    /// The first token of a user's reply subjects, which no other user may listen to. Clients have to be told
    /// (`inboxPrefix`).
    public static func inboxPrefix(of user: String) -> String { "_INBOX_\(user)" }

    /// The variable that holds a user's password: `ORDERS_NATS_PASSWORD`.
    public static func passwordVariable(of user: String) -> String { "\(user.uppercased())_NATS_PASSWORD" }
}
