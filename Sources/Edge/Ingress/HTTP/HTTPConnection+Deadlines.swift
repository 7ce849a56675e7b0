import NIOCore

extension HTTPConnection {
    /// Looks whether the current state has lasted too long; called for all connections of a loop every half second.
    func checkDeadline(_ now: NIODeadline) {
        guard now >= deadline else { return }
        switch state {
        case .idle where headerHasBegun:
            exchange = gateway.unreadableExchange()
            answer(gateway.reply(for: .timedOutReading("header"), exchange: exchange), unreadRest: true)
        case .receiving:
            answer(gateway.reply(for: .timedOutReading("body"), exchange: exchange), unreadRest: true)
        case .waiting:
            answer(gateway.reply(for: .upstream(.timedOut, bodyLimit: 0), exchange: exchange))
        case .idle, .dropping, .lingering, .closed:
            context?.close(promise: nil)
        }
    }

    /// The drain timeout is over.
    func forceClose() {
        context?.close(promise: nil)
    }
}
