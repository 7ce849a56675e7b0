/// Which refusals were told lately. Bounded by the minute, with a reserve for services of which little was told: whoever
/// is refused a thousand times silences none of them.
struct ToldRefusals {
    struct Entry: Hashable {
        let service: String
        let endpoint: String?
        let reason: String
    }

    enum Verdict {
        case tell
        /// It was told already.
        case known
        case tooMany
    }

    /// How long a refusal is remembered; up to a minute more.
    static let memory = Duration.seconds(600)
    static let minute = Duration.seconds(60)
    static let maxPerMinute = 300
    /// Those of one service that are remembered.
    static let maxPerService = 250
    /// Of each minute, what is left for services with fewer than ``few`` remembered refusals.
    static let reserve = 100
    static let few = 8

    private var told: [Entry: ContinuousClock.Instant] = [:]
    private var perService: [String: Int] = [:]
    private var toldThisMinute = 0
    private var minuteBegan: ContinuousClock.Instant?

    mutating func verdict(on entry: Entry, _ now: ContinuousClock.Instant) -> Verdict {
        forget(now)
        guard told[entry] == nil else { return .known }
        let ofService = perService[entry.service, default: 0]
        let room = ofService < Self.few ? Self.maxPerMinute : Self.maxPerMinute - Self.reserve
        guard ofService < Self.maxPerService, toldThisMinute < room else { return .tooMany }
        told[entry] = now
        perService[entry.service] = ofService + 1
        toldThisMinute += 1
        return .tell
    }

    /// Forgets what is old, once a minute.
    /// - Returns: whether another minute has begun.
    @discardableResult
    mutating func forget(_ now: ContinuousClock.Instant) -> Bool {
        guard let minuteBegan else {
            minuteBegan = now
            return false
        }
        guard now - minuteBegan >= Self.minute else { return false }
        self.minuteBegan = now
        toldThisMinute = 0
        told = told.filter { now - $0.value < Self.memory }
        perService = told.keys.reduce(into: [:]) { $0[$1.service, default: 0] += 1 }
        return true
    }
}
