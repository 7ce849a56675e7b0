import NIOCore
import NIOHTTP1

/// One client's connection: takes requests one after the other, has the gateway answer or forward them, writes answers.
///
/// It sits right behind NIO's request decoder and writes bytes itself, so an answer is one buffer and one write. What a
/// client sends before it has its answer waits here; no more is read from the socket meanwhile.
///
/// Bound to its event loop, like every channel handler.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between two requests.
        case idle
        /// The header was accepted, the body is on its way.
        case receiving
        /// The request is refused; its body is dropped so that the connection can be kept.
        case dropping
        /// Forwarded.
        case waiting
        /// Answered and closed for writing. Reads on for a while: closing at once would make the system send a reset,
        /// which can overtake the answer.
        case lingering
        case closed
    }

    let gateway: Gateway
    var state = State.idle
    var exchange: Exchange?
    /// When the current state has lasted too long.
    var deadline: NIODeadline
    var context: ChannelHandlerContext?
    /// Bytes of a header have come that is not complete.
    var headerHasBegun = false

    private var errand: Errand?
    private var body: ByteBuffer?
    private var refusal: HTTPReply?
    /// Counts requests, so that an answer that comes too late meets no other request.
    private var number: UInt64 = 0
    private var parked = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 1)
    private var isResuming = false
    private var holdsRead = false
    private var sawPart = false
    private(set) var inputClosed = false

    init(gateway: Gateway) {
        self.gateway = gateway
        deadline = .now() + gateway.timeouts.idle
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        gateway.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        state = .closed
        self.context = nil
        gateway.remove(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = true
        let part = unwrapInboundIn(data)
        if parked.isEmpty, state != .waiting, !isResuming, context.channel.isWritable {
            take(part)
        } else {
            parked.append(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !sawPart, state == .idle, !headerHasBegun {
            headerHasBegun = true
            deadline = .now() + gateway.timeouts.header
        }
        sawPart = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        // Reading on while one request is out costs nothing and shows when the client goes away; a second one waits.
        if parked.isEmpty { context.read() } else { holdsRead = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { resume() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            inputClosed = true
            closeIfDone()
        case is ChannelShouldQuiesceEvent:
            if state == .idle { deadline = min(deadline, .now() + gateway.timeouts.drainIdle) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = Refusal(decoding: error) else {
            context.close(promise: nil)
            return
        }
        switch state {
        case .idle:
            exchange = gateway.unreadableExchange()
            answer(gateway.reply(for: problem, exchange: exchange), unreadRest: true)
        case .receiving, .dropping:
            answer(gateway.reply(for: problem, exchange: exchange), unreadRest: true)
        case .waiting:
            // The request before the garbage is in order: it gets its answer.
            exchange?.closes = true
        case .lingering, .closed:
            break
        }
    }

    // MARK: - Requests

    private func take(_ part: HTTPServerRequestPart) {
        switch (state, part) {
        case (.idle, .head(let head)): begin(head)
        case (.receiving, .body(let bytes)): append(bytes)
        case (.receiving, .end): finish()
        case (.dropping, .end):
            if let refusal { answer(refusal) }
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        headerHasBegun = false
        number &+= 1
        let headers = RequestHeaders(head.headers)
        var exchange = gateway.exchange(for: head, headers)
        do throws(Refusal) {
            let admission = try gateway.admit(head, headers, &exchange)
            self.exchange = exchange
            switch admission {
            case .reply(let reply):
                answerEarly(reply, expectsContinue: headers.expectsContinue)
            case .forward(let errand):
                self.errand = errand
                state = .receiving
                deadline = .now() + gateway.timeouts.body
                if headers.expectsContinue, exchange.announcesBody { writeContinue() }
            }
        } catch {
            if error.closes { exchange.closes = true }
            self.exchange = exchange
            answerEarly(gateway.reply(for: error, exchange: exchange), expectsContinue: headers.expectsContinue)
        }
    }

    /// Answers before the body has come: after a small one was dropped, otherwise at once and for the last time.
    private func answerEarly(_ reply: HTTPReply, expectsContinue: Bool) {
        guard let exchange else { return }
        let isSmall = exchange.bodyBytes.map { $0 <= gateway.configuration.maxDroppedBodyBytes } ?? false
        if exchange.announcesBody, !isSmall || expectsContinue || exchange.closes {
            answer(reply, unreadRest: true)
        } else {
            refusal = reply
            state = .dropping
            deadline = .now() + gateway.timeouts.body
        }
    }

    private func append(_ bytes: ByteBuffer) {
        guard let limit = errand?.route.bodyLimit else { return }
        guard (body?.readableBytes ?? 0) + bytes.readableBytes <= limit else {
            answer(gateway.reply(for: .bodyTooLarge(limit: limit), exchange: exchange), unreadRest: true)
            return
        }
        if body == nil {
            body = bytes
        } else {
            var bytes = bytes
            body?.writeBuffer(&bytes)
        }
    }

    private func finish() {
        guard let errand, let exchange, let context else { return }
        state = .waiting
        // The forwarder answers by the endpoint's deadline; this is in case it does not.
        deadline = .now() + errand.route.timeout_nio + .seconds(5)
        let ticket = ReplyTicket(connection: NIOLoopBound(self, eventLoop: context.eventLoop), number: number)
        do throws(Refusal) {
            let isSent = try gateway.submit(
                errand, body: body, exchange: exchange, ticket: ticket, peer: context.remoteAddress)
            if isSent { body = nil }
        } catch {
            answer(gateway.reply(for: error, exchange: exchange))
        }
    }

    /// Takes what became of the request of this number, unless it has been given up.
    func deliver(_ result: ForwardResult, number: UInt64) {
        guard state == .waiting, number == self.number, let route = errand?.route else { return }
        if case .keysFetched = result {
            retryAfterKeys()
        } else {
            answer(gateway.reply(for: result, route: route, exchange: exchange))
        }
    }

    /// Asks again who the caller is, now that the keys have been fetched, and forwards or refuses the request.
    private func retryAfterKeys() {
        guard var errand = self.errand else { return }
        errand.mayAskForKeys = false
        self.errand = errand
        finish()
    }

    // MARK: - Answers

    /// Writes an answer; the connection is then ready for the next request or on its way to be closed.
    /// - Parameter unreadRest: the client may still be sending, so it must be let finish before the connection closes.
    func answer(_ reply: HTTPReply, unreadRest: Bool = false) {
        guard let exchange, let context else { return }
        let closes = exchange.closes || unreadRest || gateway.isDraining || (inputClosed && parked.isEmpty)
        var buffer = context.channel.allocator.buffer(capacity: 512 + reply.body.count)
        gateway.encode(reply, exchange, closes: closes, into: &buffer)
        gateway.log(reply, exchange)
        self.exchange = nil
        errand = nil
        body = nil
        refusal = nil
        guard closes else {
            state = .idle
            deadline = .now() + gateway.timeouts.idle
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            resume()
            return
        }
        state = .lingering
        deadline = .now() + gateway.timeouts.linger
        parked.removeAll()
        if holdsRead {
            holdsRead = false
            context.read()
        }
        writeAndClose(buffer, context, mode: unreadRest && !inputClosed ? .output : .all)
    }

    /// Closes when all is written: a close of the channel drops what the socket has not taken yet.
    private func writeAndClose(_ buffer: ByteBuffer, _ context: ChannelHandlerContext, mode: CloseMode) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            self.context?.close(mode: mode, promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    private func writeContinue() {
        guard let context else { return }
        let buffer = context.channel.allocator.buffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Takes what has waited for the last answer, then reads again.
    private func resume() {
        guard !isResuming else { return }
        isResuming = true
        while state == .idle || state == .receiving || state == .dropping,
            let context, context.channel.isWritable, let part = parked.popFirst()
        {
            take(part)
        }
        isResuming = false
        if parked.isEmpty, holdsRead {
            holdsRead = false
            context?.read()
        }
    }

    private func closeIfDone() {
        guard inputClosed, parked.isEmpty, let context else { return }
        switch state {
        case .idle, .lingering: writeAndClose(ByteBuffer(), context, mode: .all)
        // Closed with the answer, or by the decoder's complaint that the rest is missing.
        case .waiting, .receiving, .dropping, .closed: break
        }
    }
}
