import Synchronization
import Testing

@testable import Ingress

@Suite("which refusals are told")
struct ToldRefusalsTests {
    private var told = ToldRefusals()
    private let start = ContinuousClock.now

    private mutating func verdict(
        _ service: String, _ reason: String, minutes: Int = 0
    ) -> ToldRefusals.Verdict {
        told.verdict(
            on: .init(service: service, endpoint: "e", reason: reason), start + ToldRefusals.minute * minutes)
    }

    @Test("a refusal is told once, and again when ten minutes are over")
    mutating func forgets() {
        let verdicts = [0, 1, 5, 9, 11, 12].map { verdict("s", "r", minutes: $0) }
        #expect(verdicts == [.tell, .known, .known, .known, .tell, .known])
    }

    @Test("services with a thousand refusals silence neither new names nor themselves for ever")
    mutating func floods() {
        var said = 0
        for number in 0..<2000 where verdict("evil\(number % 5)", "\(number)") == .tell { said += 1 }
        let room = ToldRefusals.maxPerMinute - ToldRefusals.reserve
        #expect(said == room)
        for number in 0..<10 {
            let verdict = verdict("honest\(number)", "r")
            #expect(verdict == .tell)
        }
        let later = verdict("evil0", "later", minutes: 1)
        #expect(later == .tell)
    }

    @Test("one service has a bound over all minutes, which passes")
    mutating func perService() {
        var said = 0
        for number in 0..<1000 where verdict("evil", "\(number)", minutes: number / 150) == .tell { said += 1 }
        #expect(said == ToldRefusals.maxPerService)
        let later = verdict("evil", "later", minutes: 20)
        #expect(later == .tell)
    }

    @Test("strangers take no lines of trusted services and of bounds, and what was left out is counted and tried again")
    mutating func log() {
        let state = Lookout.State()
        var log = AnnouncementLog(Lookout.logger(state), trusted: ["open"])
        for number in 0..<1000 { log.refused(service: "evil\(number)", "r", at: start) }
        #expect(state.warnings.withLock { $0.count } == ToldRefusals.maxPerMinute)
        log.refused(service: "open", "r", at: start)
        log.bound("too many", at: start)
        #expect(state.warnings.withLock { $0.suffix(2) } == ["open | r", "- | too many"])
        let isEarly = log.takeUntold(at: start)
        let isDue = log.takeUntold(at: start + ToldRefusals.minute)
        let isDone = log.takeUntold(at: start + ToldRefusals.minute * 2)
        #expect(!isEarly && isDue && !isDone)
        #expect(state.messages.withLock { $0.last } == "refused announcements were not logged")
        log.refused(service: "evil999", "r", at: start + ToldRefusals.minute * 2)
        #expect(state.warnings.withLock { $0.last } == "evil999 | r")
    }
}
