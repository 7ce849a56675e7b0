import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What Hummingbird's server does with an accepted connection: decoder and ``HTTPConnection``, nothing else.
///
/// Hummingbird's own channel hands requests to a task over asynchronous sequences and its router and middleware work on
/// structured fields; here a request stays on its event loop until it goes to the reactor. `TLSChannel` can wrap this.
struct ConnectionSetup: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    let gateways: Gateways
    let limits: NIOHTTPDecoderLimitConfiguration

    init(gateways: Gateways, configuration: IngressConfiguration) {
        self.gateways = gateways
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.maxHeaderBytes
        limits.maxHeaderListSize = configuration.maxHeaderBytes
        limits.maxHeaderFieldCount = configuration.maxHeaderFields
        self.limits = limits
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
            try pipeline.addHandler(HTTPConnection(gateway: try gateways.gateway(of: channel.eventLoop)))
            return Value(channel: channel)
        }
    }

    /// Nothing happens here: the handlers do all. The server waits for this before it ends.
    func handle(value: Value, logger: Logger) async {
        try? await value.channel.closeFuture.get()
    }
}
