/// The words of one message.
public struct RenderedMessage: Sendable, Equatable {
    /// One line.
    public let subject: String
    /// Lines that end in LF.
    public let text: String
    /// Nil for messages of an older version, which have none.
    public let html: String?
}
