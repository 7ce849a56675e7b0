/// What can be set about inventory.
public struct InventorySettings: Sendable {
    /// After this time a held reservation is looked at again: it is extended while its order is alive, and released when
    /// there is no such order.
    public var hold: Duration

    public init(hold: Duration = .seconds(15 * 60)) {
        self.hold = hold
    }
}
