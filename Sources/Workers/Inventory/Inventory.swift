public import Worker

/// Products, their stock, and what of it is held for which order.
public enum Inventory {
    /// - Parameter settings: see ``InventorySettings``.
    public static func worker(_ settings: InventorySettings = InventorySettings()) -> Worker {
        let alerts = StockAlerts()
        return Worker(
            "inventory",
            endpoints: [
                ListProducts.endpoint, GetProduct.endpoint, CreateProduct.endpoint, UpdateProduct.endpoint,
                ImportProducts.endpoint, Restock.endpoint, AdjustStock.endpoint, ListLedger.endpoint,
                CheckStock.endpoint, Reserve(settings: settings, alerts: alerts).endpoint, Settle.releaseEndpoint,
                Settle.commitEndpoint, Timeline.endpoint("inventory.timeline"),
            ],
            consumers: [OrderEvents.consumer],
            periodicTasks: [
                ReservationExpiry.task(extendingBy: settings.hold), RequestKeys.forgetting, alerts.task,
            ],
            emits: [
                "STOCK_RESERVED", "STOCK_RELEASED", "STOCK_COMMITTED", "LOW_STOCK", "OUT_OF_STOCK", "BACK_IN_STOCK",
            ], calls: ["orders.get"])
    }
}
