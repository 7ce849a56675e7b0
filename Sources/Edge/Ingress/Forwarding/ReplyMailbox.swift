import NIOCore
import Reactor

/// Carries answers from the reactor to the connections of one event loop: those of one tick together, in one hop.
@Reactor
final class ReplyMailbox {
    private let loop: any EventLoop
    private var gathered: [(ReplyTicket, ForwardResult)] = []
    private var isClosed = false

    nonisolated init(loop: any EventLoop) {
        self.loop = loop
    }

    func put(_ result: ForwardResult, for ticket: ReplyTicket) {
        gathered.append((ticket, result))
        guard gathered.count == 1 else { return }
        Reactor.atTickEnd { [self] in
            let answers = gathered
            gathered = []
            guard !isClosed else { return }
            loop.execute {
                for (ticket, result) in answers { ticket.connection.value.deliver(result, number: ticket.number) }
            }
        }
    }

    /// Drops what comes from now on: the event loop is about to end.
    func close() { isClosed = true }
}
