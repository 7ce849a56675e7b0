import Glibc

/// A detached thread for a body that blocks, so that it takes none of the cooperative pool's few.
package enum ThreadOfItsOwn {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread with a small stack.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(LocalServerError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 256 * 1024)
        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard failure == 0 else {
            box.release()
            throw LocalServerError(.process, "cannot start a thread: \(systemMessage(failure))")
        }
    }
}

/// The text of an `errno` value.
package func systemMessage(_ code: Int32) -> String {
    // glibc keeps the text per thread.
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
