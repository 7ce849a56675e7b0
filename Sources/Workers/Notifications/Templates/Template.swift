import FoundationEssentials
import Worker

/// The words of one kind of mail, from the event that it tells of.
protocol Template: Sendable {
    /// Lower-case words with hyphens; part of the mail's file name and `Message-ID`.
    static var name: String { get }

    init(_ fields: inout Fields)

    /// Whom it is for.
    var userId: UUID { get }
    /// The order it is about.
    var orderId: UUID? { get }
    var subject: String { get }
    func write(to letter: inout Letter)
}

extension UUID {
    /// How people call an order: the last eight digits of its id, which are random.
    var reference: String { String(text.suffix(8)).uppercased() }
}
