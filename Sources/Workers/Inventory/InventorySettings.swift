/// What can be set about inventory.
public struct InventorySettings: Sendable {
    /// After this time a held reservation is looked at again: it is extended while its order is alive, and released when
    /// there is no such order.
    public var hold: Duration
    /// For how many unpaid orders stock is held for one customer at a time; 0 for any number.
    public var holdsPerCustomer: Int

    public init(hold: Duration = .seconds(15 * 60), holdsPerCustomer: Int = 20) {
        self.hold = hold
        self.holdsPerCustomer = holdsPerCustomer
    }
}
