public import Worker

/// Products, their stock, and what of it is held for which order.
public enum Inventory {
    /// - Parameter settings: see ``InventorySettings``.
    public static func worker(_ settings: InventorySettings = InventorySettings()) -> Worker {
        Worker(
            "inventory",
            endpoints: [
                ListProducts.endpoint, GetProduct.endpoint, CreateProduct.endpoint, ImportProducts.endpoint,
                Restock.endpoint, Reserve.endpoint(holding: settings.hold), Settle.releaseEndpoint,
                Settle.commitEndpoint, Timeline.endpoint("inventory.timeline"),
            ],
            consumers: [OrderEvents.consumer],
            periodicTasks: [ReservationExpiry.task(extendingBy: settings.hold)],
            emits: ["STOCK_RESERVED", "STOCK_RELEASED", "STOCK_COMMITTED"], calls: ["orders.get"])
    }
}
