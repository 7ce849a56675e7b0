import Worker

/// Work that is claimed row by row in the database: done now when somebody asks for it, and by a periodic task anyhow.
///
/// A few rounds run side by side, so that one slow answer of Stripe holds up no other row; claims keep them apart.
@Reactor
final class Errand {
    /// One round: claims what is due and does it. True when there may be more.
    typealias Round = @Reactor @Sendable (Context) async throws -> Bool

    private let name: String
    private var running = 0
    private var isWanted = false

    private static let lanes = 4
    /// A lane that found more than this leaves the rest to the periodic task.
    private static let rounds = 100

    nonisolated init(_ name: String) {
        self.name = name
    }

    /// Runs soon, on its own; at once when a lane is free.
    func nudge(_ context: Context, _ round: @escaping Round) {
        guard running < Self.lanes else {
            isWanted = true
            return
        }
        // Unstructured, because nobody waits for it: the request that asks has its answer already. Bounded by the lanes and
        // the request's deadline; what a drain interrupts is claimed again.
        Task { @Reactor in
            do { _ = try await run(context, round) } catch {
                context.logger.debug("errand put off", metadata: ["errand": "\(name)", "error": "\(error)"])
            }
        }
    }

    /// The same, waited for.
    /// - Returns: whether there is more than one run should do.
    func run(_ context: Context, _ round: Round) async throws -> Bool {
        guard running < Self.lanes else {
            isWanted = true
            return false
        }
        running += 1
        defer { running -= 1 }
        for _ in 0..<Self.rounds {
            isWanted = false
            let hasMore = try await round(context)
            guard hasMore || isWanted else { return false }
            if context.deadline.remaining < .seconds(1) { return hasMore }
        }
        return true
    }
}

/// Does a claimed batch at once, so that one slow answer of Stripe holds up no other. What fails is logged, and comes due
/// again when its claim ends.
@Reactor
func sideBySide<Item: Sendable>(
    _ items: [Item], _ context: Context, _ body: @escaping @Reactor @Sendable (Item) async throws -> Void
) async {
    await withDiscardingTaskGroup { group in
        for item in items { group.addTask { await tolerating(item, context, body) } }
    }
}

@Reactor
private func tolerating<Item: Sendable>(
    _ item: Item, _ context: Context, _ body: @Reactor @Sendable (Item) async throws -> Void
) async {
    do { try await body(item) } catch { context.logger.warning("put off", metadata: ["error": "\(error)"]) }
}
