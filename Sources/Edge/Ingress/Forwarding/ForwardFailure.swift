/// Why no worker's answer came.
enum ForwardFailure: Error, Sendable {
    /// Nobody subscribes to the subject.
    case noResponders
    /// The broker could not be reached, so nothing was sent.
    case disconnected
    /// The connection was lost after the request was sent: nobody knows whether it had its effect.
    case connectionLost
    case timedOut
    /// Larger than what the broker takes.
    case tooLarge
    /// The broker's client refused the message.
    case refused(String)
}
