/// What an ingress listens on, how much it takes from a client, and how long it waits.
///
/// Limits of one endpoint (body, timeout, retries) come from its contract; these are the limits of the door itself.
package struct IngressConfiguration: Sendable {
    /// Address to listen on.
    package var host = "127.0.0.1"
    /// Port to listen on; 0 takes a free one, which `onListening` of the server is told.
    package var port = 8080
    /// Threads that read and write HTTP. One keeps up with one reactor.
    package var eventLoopThreads = 1
    /// Version of the running system, shown by `/` and `/health`.
    package var version = "1.0.0"

    /// Proxies of ours in front, each of which appends to `X-Forwarded-For`; 0 takes the address of the connection.
    package var proxies = 0

    /// Open connections; more wait in the listen queue of the system.
    package var maxConnections = 10_000
    /// Bytes of all header names and values of a request together.
    package var maxHeaderBytes = 16 * 1024
    /// Header fields of a request, trailers included.
    package var maxHeaderFields = 100
    /// Bytes of a request's path without its query.
    package var maxPathBytes = 2048
    /// Bytes of a request's path and query together.
    package var maxTargetBytes = 8192
    /// Bytes of a body that is dropped so that a refused request can keep its connection; of larger ones it is closed.
    package var maxDroppedBodyBytes = 64 * 1024

    /// From the first byte of a request until its header is complete.
    package var headerTimeout = Duration.seconds(5)
    /// From the header until the body is complete.
    package var bodyTimeout = Duration.seconds(10)
    /// Without a request, until the connection is closed.
    package var idleTimeout = Duration.seconds(30)
    /// From SIGTERM until requests that are still in flight are given up.
    package var drainTimeout = Duration.seconds(15)
    /// From SIGTERM until connections without a request are closed: clients that send meanwhile are answered and told to
    /// close, so that none of their requests is lost.
    package var drainIdleGrace = Duration.milliseconds(500)

    /// `iss` of the fleet's own tokens.
    package var issuer = "flotilla"
    /// Tolerated difference between this clock and the clock of whoever signed a token.
    package var clockLeeway = Duration.seconds(60)
    /// Subject that answers the fleet's public keys as a JSON Web Key Set.
    package var keysSubject = "users.keys"
    /// Between two fetches of the keys.
    package var keysRefresh = Duration.seconds(60)
    /// Least time between two fetches that an unknown `kid` causes.
    package var keysRefreshOnDemand = Duration.seconds(5)
    /// Verified tokens that are remembered, per event loop.
    package var tokenCacheEntries = 10_000
    /// How long a verified token is believed without another look at its signature.
    package var tokenCacheLifetime = Duration.seconds(300)

    /// Between two pings of every worker, for `/health`.
    package var healthInterval = Duration.seconds(2)
    /// How long a worker may take to answer a ping.
    package var healthTimeout = Duration.seconds(1)

    /// Services that may open their routes to anyone; those of all others need a token.
    package var trustedServices: Set<String> = []
    /// Between two looks for services.
    package var discoveryInterval = Duration.milliseconds(500)
    /// How long services may take to answer a ping.
    package var discoveryGather = Duration.milliseconds(300)
    /// From the third ping that a service does not answer until its routes are gone.
    package var discoveryGrace = Duration.seconds(5)

    /// Backoff before a request is sent again, drawn from this range of milliseconds.
    package var retryBackoff_ms: ClosedRange<Int> = 200...500
    /// Who may call from a browser.
    package var cors = CORSPolicy()

    package init() {}
}
