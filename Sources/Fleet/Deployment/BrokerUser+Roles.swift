import Contracts

extension BrokerUser.Permissions {
    /// Answers its endpoints and the service protocol, calls what it declares to call, emits its events, and pulls from and
    /// acknowledges to its durables. Streams and durables are the operator's to make.
    static func worker(_ contract: Contract, _ contracts: ContractSet) -> Self {
        var result = BrokerUser.Permissions()
        result.publish = contract.calls
        // Looking only. What a stream or a consumer is to be like stands in the body of a call, which the broker does not hold
        // against permissions: a stream may be told to take any subject, requests with passwords in them included.
        if let stream = contract.stream { result.publish += [stream.wildcard, info(stream)] }
        for (_, stream) in contracts.consumed(by: contract.name) {
            result.publish += [info(stream)] + durable(contract.name, of: stream)
        }
        // Members of the queue group alone, so that no instance answers or reads along beside it.
        result.subscribe = contract.endpoints.map { "\($0.subject) q" }
        result.subscribe += discovery(contract.name) + [inbox(contract.name)]
        // A reply later than the endpoint's time is for nobody; the rest is for messages that wait in sockets. The right to it
        // ends with the connection: an answer to a request from before a reconnect is refused.
        result.replyLimit = (contract.endpoints.map(\.timeout).max() ?? .zero) + .seconds(10)
        return result
    }

    /// Answers what is asked under its prefix and the service protocol.
    static func service(_ service: ForeignService) -> Self {
        BrokerUser.Permissions(
            subscribe: [service.subjects] + discovery(service.name) + [inbox(service.name)],
            // The ingress waits for 30 s at most; the rest is for messages that wait in sockets.
            replyLimit: .seconds(40))
    }

    /// Calls what is offered over HTTP and what services of others offer, the keys of tokens, and looks for services.
    static func ingress(_ contracts: ContractSet, services: [ForeignService], keysSubject: String) -> Self {
        let endpoints = contracts.contracts.flatMap(\.endpoints)
        return BrokerUser.Permissions(
            publish: endpoints.filter { $0.http != nil || $0.subject == keysSubject }.map(\.subject)
                + services.map(\.subjects) + ["$SRV.PING", "$SRV.PING.>", "$SRV.INFO", "$SRV.INFO.>"],
            subscribe: [inbox(BrokerPermissions.ingress)])
    }

    /// What a service listens to by the service protocol (ADR-32 of NATS). Without a wildcard in place of the verb: the server
    /// (seen with 2.9) lets the ">" of "$SRV.>" pass for the "*" of "$SRV.*".
    private static func discovery(_ name: String) -> [String] {
        ["PING", "INFO", "STATS"].flatMap { ["$SRV.\($0)", "$SRV.\($0).\(name)", "$SRV.\($0).\(name).*"] }
    }

    private static func inbox(_ user: String) -> String { "\(BrokerPermissions.inboxPrefix(of: user)).>" }

    private static func info(_ stream: EventStream) -> String { "$JS.API.STREAM.INFO.\(stream.name)" }

    private static func durable(_ name: String, of stream: EventStream) -> [String] {
        ["INFO", "MSG.NEXT"].map { "$JS.API.CONSUMER.\($0).\(stream.name).\(name)" }
            + ["$JS.ACK.\(stream.name).\(name).>"]
    }
}
