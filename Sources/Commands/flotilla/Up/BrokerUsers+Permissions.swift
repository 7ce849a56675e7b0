import Deployment
import LocalFleet

extension BrokerUsers {
    /// The users of the contracts, each with what it may do.
    init(_ permissions: BrokerPermissions) {
        self.init(
            names: permissions.userNames, operatorName: BrokerPermissions.operatorName,
            account: BrokerPermissions.account
        ) {
            permissions.configuration(passwords: .given($0))
        }
    }
}
