import Contracts

extension BrokerPermissions {
    /// Refuses names and subjects by which two users would get into each other's way.
    static func check(_ contracts: ContractSet, _ services: [ForeignService]) throws(BrokerPermissionsError) {
        for contract in contracts.contracts where [ingress, operatorName].contains(contract.name) {
            throw BrokerPermissionsError(
                "the worker \(contract.name) cannot have a user of its own: the \(contract.name) of the fleet is called that"
            )
        }
        // By the variable: two names may differ and share it.
        var owners = [passwordVariable(of: ingress): "the ingress", passwordVariable(of: operatorName): "the operator"]
        var namespaces: [Substring: String] = [:]
        for contract in contracts.contracts {
            owners[passwordVariable(of: contract.name)] = "the worker \(contract.name)"
            namespaces[contract.name[...]] = contract.name
            if let stream = contract.stream { namespaces[stream.prefix.prefix { $0 != "." }] = contract.name }
        }
        for (index, service) in services.enumerated() {
            let variable = passwordVariable(of: service.name)
            if let owner = owners[variable] {
                throw BrokerPermissionsError(
                    "the service \(service.name) cannot have a user of its own: \(owner) has \(variable) already")
            }
            owners[variable] = "the service \(service.name)"
            if let worker = namespaces[service.namespace] {
                throw BrokerPermissionsError(
                    "the service \(service.name) cannot have \(service.subjects): these are subjects of the worker \(worker)"
                )
            }
            for other in services[..<index] where service.overlaps(other) {
                throw BrokerPermissionsError(
                    "the service \(service.name) cannot have \(service.subjects): \(other.name) has \(other.subjects)")
            }
        }
    }
}
