import CNats
import Glibc
import Reactor
import Synchronization

/// One libnats connection on the reactor, from its handshake to its end. It never reconnects: see ``LibraryOptions``.
///
/// libnats holds a reference to it from "attach" to "detach", and one for its other callbacks until it says "closed".
///
/// `@unchecked Sendable`: `handle`, `descriptor` and `hasFilter` are set by the thread that opens the link before anyone else
/// has it; the rest is isolated or atomic.
final class Link: @unchecked Sendable {
    private(set) var handle: OpaquePointer?
    /// An own copy of the socket's descriptor: libnats closes its own wherever it finds the connection broken, and a closed
    /// number that is in use again must not be taken out of epoll by accident.
    private var descriptor: Int32 = -1
    /// Whether replies pass the filter, so that "no responders" comes with its subject.
    private(set) var hasFilter = false
    /// False as soon as libnats gives the socket up, on whichever thread.
    private let up = Atomic<Bool>(false)

    @Reactor private(set) var owner: NATSConnection?
    /// Something has arrived since this was last cleared: the peer lives.
    @Reactor var hasHeard = true
    /// When the socket last refused bytes; nil when it takes them.
    @Reactor private(set) var blockedSince: UInt64?
    /// Bytes handed to libnats and not known to be written.
    @Reactor private(set) var bytesPending = 0
    @Reactor private var watch: Watch?
    @Reactor private var wantsWrite = false
    @Reactor private var isFlushScheduled = false

    private init() {}

    deinit {
        if let handle { natsConnection_Destroy(handle) }
        if descriptor >= 0 { close(descriptor) }
    }

    var isUp: Bool { up.load(ordering: .acquiring) }

    /// Connects; blocks until a server has taken the connection or none did, so call it on a thread that may wait.
    /// - Parameter configuration: settled, so that no URL holds a password.
    static func open(_ configuration: NATSConfiguration, attemptTimeout: Duration) throws(NATSError) -> Link {
        let options = try LibraryOptions()
        try options.set(configuration, attemptTimeout: attemptTimeout)
        let link = Link()
        let closure = Unmanaged.passRetained(link)
        LinkCallbacks.install(in: options.pointer, closure: closure.toOpaque())
        var handle: OpaquePointer?
        let status = natsConnection_Connect(&handle, options.pointer)
        guard status == NATS_OK, let handle else {
            let who = configuration.user.map { " as \($0)" } ?? ""
            let servers = configuration.urls.joined(separator: ", ")
            let error = LibraryStatus.error(status, "cannot connect to NATS at \(servers)\(who)")
            link.handle = nil
            // Without a connection nothing will say "closed".
            closure.release()
            throw error
        }
        link.handle = handle
        link.hasFilter = flotilla_nats_set_filter(handle, LinkCallbacks.filter, closure.toOpaque())
        return link
    }

    /// Called by libnats on the opening thread, once, when the handshake is done.
    func attach(_ handle: OpaquePointer, socket: Int32) -> Bool {
        // Children started meanwhile must not keep the connection open.
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return false }
        self.handle = handle
        up.store(true, ordering: .releasing)
        return true
    }

    /// Starts reading for `owner`.
    @Reactor
    func start(owner: NATSConnection) throws(NATSError) {
        do {
            watch = try Reactor.watch(descriptor, read: true, write: false) { self.handle($0) }
        } catch {
            throw NATSError(.library(0), "the NATS connection cannot be polled: \(error)")
        }
        self.owner = owner
    }

    /// Waits for the answer to a PING; on a thread that may wait.
    func flushBlocking(timeout: Duration) -> Result<Void, NATSError> {
        guard let handle, isUp else { return .failure(NATSError(.disconnected, "NATS is not connected at the moment")) }
        let status = natsConnection_FlushTimeout(handle, timeout.wholeMilliseconds)
        return status == NATS_OK ? .success(()) : .failure(LibraryStatus.error(status, "NATS flush"))
    }

    /// The largest message the server takes, in bytes.
    var maximumPayload: Int { handle.map { Int(natsConnection_GetMaxPayload($0)) } ?? 1_048_576 }

    /// Ends the connection here and now, as a lost network would; what has arrived already is still taken.
    ///
    /// On the reactor's thread because nothing else may touch a socket (or its TLS state) that the reactor reads. libnats' own
    /// call to close waits for the server when there is something to send.
    @Reactor
    func breakOff() {
        guard let handle, isUp else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
        // A socket's buffer at most, then the end, at which libnats closes.
        for _ in 0..<1_024 where isUp {
            natsConnection_ProcessReadEvent(handle)
            owner?.collect(from: self)
        }
    }

    /// Ends the connection without telling the owner.
    @Reactor
    func retire() {
        owner = nil
        breakOff()
    }

    /// libnats has given the socket up (any thread, its lock held).
    func socketIsGone() {
        up.store(false, ordering: .releasing)
        if Reactor.isCurrent { Reactor.assumeIsolated { stopPolling() } }
        Reactor.post { self.wasLost() }
    }

    @Reactor
    private func stopPolling() {
        watch?.cancel()
        watch = nil
        blockedSince = nil
        bytesPending = 0
    }

    @Reactor
    private func wasLost() {
        stopPolling()
        guard let owner else { return }
        self.owner = nil
        owner.linkWasLost(self)
    }

    /// Why libnats closed the connection.
    var lastError: String {
        var text: UnsafePointer<CChar>?
        guard let handle else { return "closed" }
        let status = natsConnection_GetLastError(handle, &text)
        let words = text.map { String(cString: $0) } ?? ""
        return words.isEmpty ? natsStatus_GetText(status).map { String(cString: $0) } ?? "closed" : words
    }

    // MARK: - Reading and writing

    @Reactor
    private func handle(_ readiness: Readiness) {
        guard let handle, let owner, isUp else { return }
        if readiness.contains(.write) { writeOut() }
        guard readiness.contains(.read) || readiness.contains(.hangup), isUp else { return }
        hasHeard = true
        // What has been read must be worked off first: bytes that wait in the socket slow the sender down.
        guard !owner.isBehind else { return owner.deliver() }
        natsConnection_ProcessReadEvent(handle)
        owner.collect(from: self)
        owner.deliver()
    }

    /// Counts a message given to libnats; a lot is written at once rather than at the end of the tick.
    @Reactor
    func didQueue(_ bytes: Int) {
        bytesPending += bytes + 64
        if bytesPending > 256 * 1_024, blockedSince == nil { writeOut() }
    }

    /// libnats has something to write (any thread, its lock held).
    func needsWrite() {
        if Reactor.isCurrent {
            Reactor.assumeIsolated { scheduleFlush() }
        } else {
            Reactor.post { self.scheduleFlush() }
        }
    }

    /// libnats has written everything (within `natsConnection_ProcessWriteEvent`) or has given up.
    func hasWritten() {
        if Reactor.isCurrent { Reactor.assumeIsolated { wantsWrite = false } }
    }

    @Reactor
    private func scheduleFlush() {
        wantsWrite = true
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        Reactor.atTickEnd {
            self.isFlushScheduled = false
            if self.blockedSince == nil { self.writeOut() }
        }
    }

    @Reactor
    private func writeOut() {
        guard let handle, isUp, wantsWrite else { return }
        // Another thread's request may have been carried out with an earlier one; writing nothing reads as "closed".
        guard natsConnection_Buffered(handle) > 0 else { return wantsWrite = false }
        natsConnection_ProcessWriteEvent(handle)
        guard isUp else { return }
        if wantsWrite {
            // The socket is full: go on when it takes bytes again.
            bytesPending = max(0, Int(natsConnection_Buffered(handle)))
            let now = Monotonic.now()
            if blockedSince == nil { owner?.linkIsBlocked(self, since: now) }
            blockedSince = now
        } else {
            bytesPending = 0
            blockedSince = nil
        }
        watch?.update(read: true, write: wantsWrite)
    }
}
