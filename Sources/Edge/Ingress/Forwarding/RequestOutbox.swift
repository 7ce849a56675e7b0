import NIOCore
import Reactor

/// Hands requests of one event loop to the reactor: those of one turn of the loop together, in one hop.
///
/// Bound to its event loop.
final class RequestOutbox {
    private let forwarder: Forwarder
    private let mailbox: ReplyMailbox
    private let loop: any EventLoop
    private var gathered: [ForwardRequest] = []

    init(forwarder: Forwarder, mailbox: ReplyMailbox, loop: any EventLoop) {
        self.forwarder = forwarder
        self.mailbox = mailbox
        self.loop = loop
    }

    func put(_ request: ForwardRequest) {
        gathered.append(request)
        guard gathered.count == 1 else { return }
        // Runs when the loop has handed out all that its sockets had.
        loop.assumeIsolated().execute { [self] in
            let requests = gathered
            gathered = []
            Reactor.post { [forwarder, mailbox] in
                for request in requests { forwarder.forward(request, to: mailbox) }
            }
        }
    }
}
