import Logging
import NATS
import Reactor
import Streams

/// Sees to it that the streams and durables of a worker are there: it looks, and makes what is missing where the broker lets it.
///
/// Where the broker's users have the permissions of the contracts, only the operator makes streams and consumers. The worker
/// then says what is missing, and which command makes it.
@Reactor
final class StreamKeeper {
    private let jetStream: JetStream
    private let logger: Logger
    /// How often each part was refused; those that the contract names, so it is bounded.
    private var refusals: [StreamPart: Int] = [:]

    /// About a minute of pauses.
    private static let refusalsUntilReminder = 12

    init(jetStream: JetStream, logger: Logger) {
        self.jetStream = jetStream
        self.logger = logger
    }

    /// Returns when all parts are there, as far as that is known: without JetStream a worker serves, and keeps its events in its
    /// database. Without the right to make what is missing it waits, until it is there or the task is cancelled.
    func untilPermitted(_ parts: [StreamPart]) async {
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            do throws(NATSError) { return try await ensure(parts, within: .zero) } catch {
                guard error.code == .notPermitted else {
                    return logger.debug("streams not ready yet", metadata: ["error": "\(error)"])
                }
            }
            do { try await Reactor.sleep(for: pause) } catch { return }
            pause = Self.pause(after: pause, isRefused: true)
        }
    }

    /// Looks once, and makes what is missing.
    ///
    /// - Parameter limit: how long JetStream may be unavailable.
    /// - Throws: `.notPermitted` for a part that is missing and that this user may not make; what it means is logged.
    func ensure(_ parts: [StreamPart], within limit: Duration = .seconds(15)) async throws(NATSError) {
        for part in parts {
            do throws(NATSError) {
                try await part.ensure(in: jetStream, within: limit)
                if refusals.removeValue(forKey: part) != nil { logger.info("is there now: \(part)") }
            } catch {
                guard error.code == .notPermitted else { throw error }
                if try await isMissing(part) { throw error }
            }
        }
    }

    /// The wait before the next look: short where others make the same thing, longer where a person has to act.
    static func pause(after pause: Duration, isRefused: Bool) -> Duration {
        min(pause * 2, isRefused ? .seconds(5) : .seconds(2))
    }

    /// Says what was refused. One that is there and differs does not keep the worker from its work: while a new version is
    /// brought out, old instances would stop otherwise.
    private func isMissing(_ part: StreamPart) async throws(NATSError) -> Bool {
        let count = refusals[part, default: 0]
        refusals[part] = count + 1
        let isSaid = count.isMultiple(of: Self.refusalsUntilReminder)
        let presence: JetStreamPresence
        do throws(NATSError) { presence = try await part.presence(in: jetStream) } catch {
            if isSaid, error.code == .notPermitted {
                logger.error(
                    "this user of the broker may not look at the \(part); make the users anew: flotilla subjects permissions"
                )
            }
            throw error
        }
        switch presence {
        case .asWanted: return false
        case .different(let fields):
            if isSaid {
                logger.warning(
                    "the \(part) differs from the contract (\(fields.joined(separator: ", "))); as the operator: flotilla streams apply"
                )
            }
            return false
        case .missing:
            if isSaid {
                logger.error(
                    "not ready: the \(part) is missing and this user may not make it; as the operator: flotilla streams apply"
                )
            }
            return true
        }
    }
}
