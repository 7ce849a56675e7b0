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
    let relay: Relay
    let calls: OutgoingCalls
    let logger: Logger

    init(
        contract: Contract, contracts: ContractSet, nats: NATSConnection, jetStream: JetStream, database: PostgresPool,
        relay: Relay, calls: OutgoingCalls, logger: Logger
    ) {
        self.contract = contract
        self.contracts = contracts
        self.nats = nats
        self.jetStream = jetStream
        self.database = database
        self.relay = relay
        self.calls = calls
        self.logger = logger
    }
}
