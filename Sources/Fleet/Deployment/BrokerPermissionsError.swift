/// Contracts and services from which no users of the broker can be made.
public struct BrokerPermissionsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for people.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
