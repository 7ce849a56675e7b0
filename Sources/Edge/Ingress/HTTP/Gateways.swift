import NIOCore

/// The gateways of all event loops.
struct Gateways: Sendable {
    private let bound: [ObjectIdentifier: NIOLoopBound<Gateway>]

    /// Makes one for each loop of `group`, on that loop.
    init(
        group: any EventLoopGroup, _ make: @escaping @Sendable (any EventLoop) -> Gateway
    ) async throws {
        var bound: [ObjectIdentifier: NIOLoopBound<Gateway>] = [:]
        for loop in group.makeIterator() {
            bound[ObjectIdentifier(loop)] = try await loop.submit { NIOLoopBound(make(loop), eventLoop: loop) }.get()
        }
        self.bound = bound
    }

    /// The gateway of the loop that the caller is on.
    func gateway(of loop: any EventLoop) throws -> Gateway {
        guard let bound = bound[ObjectIdentifier(loop)] else {
            throw IngressError("a connection came on an event loop that is not the ingress's")
        }
        return bound.value
    }

    /// Requests that come from now on are matched against these routes. The event loops must be running.
    func use(_ routes: RouteTree, _ documents: APIDocuments) {
        for bound in bound.values {
            bound.eventLoop.execute {
                bound.value.routes = routes
                bound.value.documents = documents
            }
        }
    }

    /// Answers say from now on that the connection closes.
    func beginDraining() {
        for bound in bound.values { bound.eventLoop.execute { bound.value.isDraining = true } }
    }

    /// Nothing of the reactor's comes to the loops from now on.
    func closeMailboxes() async {
        for bound in bound.values {
            guard let mailbox = try? await bound.eventLoop.submit({ bound.value.mailbox }).get() else { continue }
            await mailbox.close()
        }
    }

    func forceClose() {
        for bound in bound.values { bound.eventLoop.execute { bound.value.forceClose() } }
    }
}
