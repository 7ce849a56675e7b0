import ServiceLifecycle

/// The first look for services. Before it is over, their routes would be answered with 404 although they are there.
struct FirstLook: Sendable {
    /// Nobody waits longer, whether the broker answers or not.
    static let longest = Duration.milliseconds(1500)

    private let ended: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation

    init() {
        (ended, end) = AsyncStream.makeStream()
    }

    func isOver() { end.finish() }

    /// Until it is over, the time is up, or the caller is cancelled or told to shut down. Call it once.
    func wait() async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in ended {} }
                group.addTask { try? await Task.sleep(for: Self.longest) }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            end.finish()
        }
    }
}
