import CNats
import Reactor

/// The functions libnats calls, on whichever thread: nonisolated, and each says what it relies on.
///
/// `closure` is a ``Link`` that is retained until "closed" was called; between "attach" and "detach" libnats has a second
/// reference.
enum LinkCallbacks {
    static func install(in options: OpaquePointer, closure: UnsafeMutableRawPointer) {
        natsOptions_SetEventLoop(options, closure, attach, read, write, detach)
        natsOptions_SetErrorHandler(options, failed, closure)
        natsOptions_SetClosedCB(options, closed, closure)
        natsOptions_SetLameDuckModeCB(options, isLameDuck, closure)
    }

    private static func link(_ closure: UnsafeMutableRawPointer?) -> Link? {
        closure.map { Unmanaged<Link>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The thread that connects, with the connection's lock held.
    private static let attach: natsEvLoop_Attach = { userData, loop, connection, socket in
        guard let userData, let connection, let link = link(loop) else { return NATS_INVALID_ARG }
        guard link.attach(connection, socket: socket) else { return NATS_SYS_ERROR }
        userData.pointee = Unmanaged.passRetained(link).toOpaque()
        return NATS_OK
    }

    /// The thread that found the connection broken or closes it, with the connection's lock held.
    private static let read: natsEvLoop_ReadAddRemove = { userData, add in
        if !add { link(userData)?.socketIsGone() }
        return NATS_OK
    }

    /// The reactor, or a thread that waits for a flush; with the connection's lock held.
    private static let write: natsEvLoop_WriteAddRemove = { userData, add in
        if add { link(userData)?.needsWrite() } else { link(userData)?.hasWritten() }
        return NATS_OK
    }

    /// The thread that closes, last of all.
    private static let detach: natsEvLoop_Detach = { userData in
        if let userData { Unmanaged<Link>.fromOpaque(userData).release() }
        return NATS_OK
    }

    /// libnats' callback thread: the last callback of a connection.
    private static let closed: natsConnectionHandler = { _, closure in
        guard let closure else { return }
        let link = Unmanaged<Link>.fromOpaque(closure).takeRetainedValue()
        link.socketIsGone()
    }

    private static let isLameDuck: natsConnectionHandler = { _, closure in
        guard let link = link(closure) else { return }
        Reactor.post { link.owner?.serverIsLeaving() }
    }

    /// libnats' callback thread; it has set this thread's last error to the server's words.
    private static let failed: natsErrHandler = { _, _, status, closure in
        guard let link = link(closure) else { return }
        let error = LibraryStatus.error(status, "NATS")
        Reactor.post { link.owner?.didReport(error) }
    }

    /// The reactor, inside `natsConnection_ProcessReadEvent`, without locks.
    static let filter: flotilla_nats_filter = { _, message, closure in
        guard let message, let pointer = message.pointee, let link = link(closure) else { return }
        // Only handed to the reactor's own thread, which is this one.
        nonisolated(unsafe) let taken = pointer
        if Reactor.assumeIsolated({ link.owner?.take(taken) ?? false }) { message.pointee = nil }
    }
}
