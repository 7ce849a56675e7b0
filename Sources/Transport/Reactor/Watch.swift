/// A descriptor that the reactor polls. Holds no ownership of the descriptor.
@Reactor
public final class Watch {
    let descriptor: Int32
    /// Tells events of this watch from those of an earlier one on a descriptor with the same number.
    let generation: UInt32
    let handler: @Reactor (Readiness) -> Void
    private(set) var wantsRead: Bool
    private(set) var wantsWrite: Bool
    private var isCancelled = false

    init(
        descriptor: Int32, generation: UInt32, read: Bool, write: Bool, handler: @escaping @Reactor (Readiness) -> Void
    ) {
        self.descriptor = descriptor
        self.generation = generation
        self.handler = handler
        wantsRead = read
        wantsWrite = write
    }

    /// Changes what the descriptor is polled for; no system call when nothing changes.
    public func update(read: Bool, write: Bool) {
        guard !isCancelled, read != wantsRead || write != wantsWrite else { return }
        wantsRead = read
        wantsWrite = write
        Reactor.executor.modify(self)
    }

    /// Stops polling; the handler is not called again, not even for events already collected in this tick.
    public func cancel() {
        guard !isCancelled else { return }
        isCancelled = true
        Reactor.executor.remove(self)
    }
}
