import Worker

/// What inventory tells: the steps of the saga that it has done.
enum StockEvents {
    static let consumer = EventConsumer("INVENTORY_EVENTS") { event, effects in
        switch event.type {
        case "STOCK_COMMITTED":
            try await effects.query(SagaStep.finishing(.commitStock, of: event.aggregateId, by: .event))
        case "STOCK_RELEASED":
            try await effects.query(SagaStep.finishing(.releaseStock, of: event.aggregateId, by: .event))
            // Given back although the order is paid: the call finds that out, and there is nothing to wait for.
            try await effects.query(SagaStep.hastening(.commitStock, of: event.aggregateId))
        default: break
        }
    }
}
