/// The users that the broker of a fleet knows, when it lets nobody else in.
package struct BrokerUsers: Sendable {
    /// Workers, the ingress, the operator, and services of others.
    package let names: [String]
    /// Who may do everything: `up` itself and the people of the fleet.
    package let operatorName: String
    /// The account of all.
    package let account: String
    /// The part of nats-server's configuration that makes them, by their passwords.
    package let configuration: @Sendable (_ passwords: [String: String]) -> String

    package init(
        names: [String], operatorName: String, account: String,
        configuration: @escaping @Sendable (_ passwords: [String: String]) -> String
    ) {
        self.names = names
        self.operatorName = operatorName
        self.account = account
        self.configuration = configuration
    }
}
