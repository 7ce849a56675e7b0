import FoundationEssentials
import Worker

/// Tells when a product runs low, runs out and comes back. Whatever moves stock marks the products whose stock says
/// something else than their last event; this takes the marks, event and mark in one transaction. The event's version makes
/// it happen once on any number of instances.
@Reactor
final class StockAlerts {
    private static let batch = 50
    private static let due: Statement = """
        SELECT p.id, p.sku, p.name, p.available, p.low_stock_at, p.alert, p.alert_version,
               stock_level(p.available, p.low_stock_at)
        FROM stock_alerts a JOIN products p ON p.id = a.product_id ORDER BY a.since LIMIT $1
        """
    private static let tell: Statement = "SELECT stock_told($1, $2, $3, $4, $5)"

    private var isRunning = false
    private var isWanted = false

    nonisolated init() {}

    /// Finds what a nudge did not: those of other instances, of restarts, and of what does not nudge.
    nonisolated var task: PeriodicTask {
        PeriodicTask("stock alerts", every: .milliseconds(800)) { try await Self.round($0) }
    }

    /// Looks soon, on its own.
    func nudge(_ context: Context) {
        isWanted = true
        guard !isRunning else { return }
        isRunning = true
        // Unstructured, because nobody waits for it: whoever asks has its answer already. One at a time, and bounded by the
        // request's deadline; what a drain interrupts the next round finds.
        Reactor.start { [self] in
            defer { isRunning = false }
            do {
                while isWanted {
                    isWanted = false
                    while try await Self.round(context) {}
                }
            } catch {
                context.logger.debug("stock alerts put off", metadata: ["error": "\(error)"])
            }
        }
    }

    /// - Returns: whether there may be more.
    private static func round(_ context: Context) async throws -> Bool {
        let rows = try await context.query(due, .int(batch))
        var failures = 0
        for row in rows {
            let alert = try StockAlert(row)
            do {
                try await context.commit(
                    [
                        Query(
                            tell, .uuid(alert.productId), .text(alert.before.rawValue), .int(alert.versionBefore),
                            .text(alert.level.rawValue), .int(alert.version))
                    ],
                    events: alert.event.map { [$0] } ?? [])
            } catch is VersionConflict {
                // Another instance was first.
            } catch let error as PostgresError where error.sqlState == "FL008" {
                // The same; what is still to be told has kept its mark.
            } catch {
                failures += 1
                context.logger.warning(
                    "stock alert put off", metadata: ["product": "\(alert.productId.text)", "error": "\(error)"])
            }
        }
        return rows.count == batch && failures == 0
    }
}
