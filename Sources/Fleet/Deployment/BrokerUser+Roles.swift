import Contracts

extension BrokerUser.Permissions {
    /// Answers its endpoints and the service protocol, calls what it declares to call, emits its events, and consumes
    /// with its durables.
    static func worker(_ contract: Contract, _ contracts: ContractSet) -> Self {
        var result = BrokerUser.Permissions()
        result.publish = contract.calls
        if let stream = contract.stream {
            result.publish += [stream.wildcard] + api(stream, ["CREATE", "INFO", "UPDATE"])
        }
        for (_, stream) in contracts.consumed(by: contract.name) {
            // Whoever comes first makes the stream. Changing it is for the worker that emits its events: an update can
            // take messages away.
            if stream.worker != contract.name { result.publish += api(stream, ["CREATE", "INFO"]) }
            result.publish += durable(contract.name, of: stream)
        }
        // Members of the queue group alone, so that no instance answers or reads along beside it.
        result.subscribe = contract.endpoints.map { "\($0.subject) q" }
        // As the worker subscribes. The server (seen with 2.9) takes the ">" of "$SRV.>" for the "*": a worker can read along
        // what is asked of other services, though nothing but the service protocol.
        result.subscribe += ["$SRV.*", "$SRV.*.\(contract.name)", "$SRV.*.\(contract.name).*", inbox(contract.name)]
        // A reply later than the endpoint's time is for nobody; the rest is for messages that wait in sockets.
        result.replyLimit = (contract.endpoints.map(\.timeout).max() ?? .zero) + .seconds(10)
        return result
    }

    /// Calls what is offered over HTTP, the keys of tokens, and looks for services.
    static func ingress(_ contracts: ContractSet, keysSubject: String) -> Self {
        let endpoints = contracts.contracts.flatMap(\.endpoints)
        return BrokerUser.Permissions(
            publish: endpoints.filter { $0.http != nil || $0.subject == keysSubject }.map(\.subject)
                + ["$SRV.PING", "$SRV.PING.>", "$SRV.INFO", "$SRV.INFO.>"],
            subscribe: [inbox(BrokerPermissions.ingress)])
    }

    private static func inbox(_ user: String) -> String { "\(BrokerPermissions.inboxPrefix(of: user)).>" }

    private static func api(_ stream: EventStream, _ operations: [String]) -> [String] {
        operations.map { "$JS.API.STREAM.\($0).\(stream.name)" }
    }

    private static func durable(_ name: String, of stream: EventStream) -> [String] {
        ["DURABLE.CREATE", "INFO", "MSG.NEXT"].map { "$JS.API.CONSUMER.\($0).\(stream.name).\(name)" }
            + ["$JS.ACK.\(stream.name).\(name).>"]
    }
}
