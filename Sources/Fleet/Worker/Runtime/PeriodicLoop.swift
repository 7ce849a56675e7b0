import Logging
import Reactor

/// Runs one periodic task until it is cancelled.
@Reactor
struct PeriodicLoop {
    let task: PeriodicTask
    let services: Services

    /// A run may take this long before its statements and calls are given up.
    private static let limit = Duration.seconds(60)

    func run() async {
        while !Task.isCancelled {
            var hasMore = false
            let context = Context(services: services, task: task.name, deadline: Deadline(in: Self.limit))
            do { hasMore = try await task.body(context) } catch {
                services.logger.warning(
                    "periodic task failed", metadata: ["task": "\(task.name)", "error": "\(error)"])
            }
            let pause = hasMore ? Duration.milliseconds(1) : task.every * Double.random(in: 0.9...1.1)
            do { try await Reactor.sleep(for: pause) } catch { return }
        }
    }
}
