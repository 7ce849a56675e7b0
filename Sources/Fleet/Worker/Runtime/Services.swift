import Contracts
import Logging
import NATS
import Postgres
import Reactor

/// What all handlers of a worker share.
@Reactor
final class Services {
    let contract: Contract
    let contracts: ContractSet
    let nats: NATSConnection
    let jetStream: JetStream
    let database: PostgresPool
    /// Looks after the worker's streams and durables.
    let streams: StreamKeeper
    let relay: Relay
    let calls: OutgoingCalls
    /// Nil unless the configuration asks for it.
    let inspection: Inspection?
    let replySubjects: ReplySubjects
    let logger: Logger

    init(
        contract: Contract, contracts: ContractSet, nats: NATSConnection, jetStream: JetStream, database: PostgresPool,
        streams: StreamKeeper, relay: Relay, calls: OutgoingCalls, inspection: Inspection?, logger: Logger
    ) {
        self.contract = contract
        self.contracts = contracts
        self.nats = nats
        self.jetStream = jetStream
        self.database = database
        self.streams = streams
        self.relay = relay
        self.calls = calls
        self.inspection = inspection
        replySubjects = ReplySubjects(logger: logger)
        self.logger = logger
    }
}

extension Services {
    /// - Throws: a 500 for an event that the contract does not declare: no consumer could know it.
    func check(_ event: NewEvent) throws(ServiceError) {
        guard contract.stream?.type(named: event.type) != nil else {
            throw ServiceError(500, "internal", "the contract of \(contract.name) declares no event \(event.type)")
        }
        try inspection?.inspect(event)
    }
}
