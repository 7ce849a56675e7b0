public import Contracts

/// Who may do what on the broker, by the contracts: a user for each worker, one for each service of others that is named, one
/// for the ingress and one for operators.
///
/// JetStream looks at the subject of a call and not at its body: whoever may make a stream can give it any subjects, and whoever
/// may make a consumer any filter. Therefore no worker may; the operator makes both from the contracts (`Streams`).
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

    /// - Parameters:
    ///   - services: those without a contract that the ingress may call.
    ///   - keysSubject: where the ingress gets the keys that tokens are checked with.
    /// - Throws: when two users would have one name, or a service subjects of somebody else.
    public init(
        _ contracts: ContractSet, services: [ForeignService] = [], keysSubject: String = "users.keys"
    ) throws(BrokerPermissionsError) {
        try Self.check(contracts, services)
        users =
            contracts.contracts.map { BrokerUser(name: $0.name, permissions: .worker($0, contracts)) }
            + services.map { BrokerUser(name: $0.name, permissions: .service($0)) }
            + [
                BrokerUser(
                    name: Self.ingress,
                    permissions: .ingress(contracts, services: services, keysSubject: keysSubject)),
                BrokerUser(name: Self.operatorName, permissions: nil),
            ]
    }

    /// The names of all users.
    public var userNames: [String] { users.map(\.name) }

    /// The first token of a user's reply subjects, which no other user may listen to. Clients have to be told
    /// (`inboxPrefix`);
    /// ours take it by themselves.
    public static func inboxPrefix(of user: String) -> String { "_INBOX_\(user)" }

    /// The variable that holds a user's password: `ORDERS_NATS_PASSWORD`.
    public static func passwordVariable(of user: String) -> String {
        // A dash cannot stand in the name of a variable.
        "\(String(user.uppercased().map { $0 == "-" ? "_" : $0 }))_NATS_PASSWORD"
    }
}
