import Testing

@testable import NATS

@Suite("Bookkeeping of requests and pulls")
struct BookkeepingTests {
    @Test("a reply subject leads back to its request and no other")
    func replySubjects() {
        let mine = ReplySubject(inbox: "_INBOX.aaa")
        let other = ReplySubject(inbox: "_INBOX.aab")
        for identifier in [0, 1, 63, 64, 1 << 20, 1 << 47, (1 << 48) - 1] as [UInt64] {
            #expect(mine.identifier(in: mine.subject(for: identifier)) == identifier)
            #expect(other.identifier(in: mine.subject(for: identifier)) == nil)
        }
        for subject in [
            "_INBOX.aaa", "_INBOX.aaa.", "_INBOX.aaa.1234567", "_INBOX.aaa.123456789", "_INBOX.aaa.12 45678",
        ] {
            #expect(mine.identifier(in: subject) == nil)
        }
    }

    @Test("a slot that is used again does not take replies to its last request")
    func slots() throws {
        var table = RequestTable(limit: 2)
        let (one, two) = (table.reserve(subject: "a", deadline: 10), table.reserve(subject: "b", deadline: 20))
        let (first, second) = (try #require(one), try #require(two))
        let tooMany = table.reserve(subject: "c", deadline: 30)
        #expect(tooMany == nil)
        #expect(table.earliestDeadline == 10)
        table.remove(first)
        let three = table.reserve(subject: "c", deadline: 30)
        let third = try #require(three)
        #expect(third != first)
        let late = table.settle(first, with: { .failure(NATSError(.timeout, $0)) })
        guard case .nobody = late else {
            Issue.record("the late reply found somebody")
            return
        }
        table.remove(first)
        #expect(table.count == 2)
        #expect(table.earliestDeadline == 20)
        table.remove(second)
        table.remove(third)
        #expect(table.count == 0)
        #expect(table.earliestDeadline == nil)
    }

    @Test("an outcome that comes before anyone waits is kept for the one who will")
    func earlyOutcome() async throws {
        var table = RequestTable(limit: 4)
        let reserved = table.reserve(subject: "a", deadline: 10)
        let identifier = try #require(reserved)
        let ended = table.endAll(where: { deadline, _ in deadline <= 10 }) { NATSError(.timeout, $0) }
        #expect(ended.isEmpty)
        let gatherer = await ReplyGatherer(quiet: .seconds(1), limit: 1) {}
        let outcome = table.wait(identifier, .many(gatherer))
        guard case .failure(let error) = outcome else {
            Issue.record("no outcome")
            return
        }
        #expect(error.code == .timeout)
        #expect(table.count == 0)
    }

    @Test("a pull consumer asks in batches and never for more than may be in flight")
    func ledger() {
        var ledger = PullLedger(batch: 10, maximumInFlight: 25)
        #expect(ledger.wanted == 10)
        let first = ledger.open(10, deadline: 100)
        #expect(ledger.wanted == nil)
        for _ in 0..<5 {
            ledger.received()
            ledger.handedOut()
        }
        // Half of it is left: the next one is asked for before the first is used up.
        #expect(ledger.wanted == 10)
        _ = ledger.open(10, deadline: 100)
        #expect(ledger.outstanding == 15)
        #expect(ledger.wanted == nil)
        ledger.close(first)
        #expect(ledger.outstanding == 10)
        for _ in 0..<10 {
            ledger.received()
            ledger.handedOut()
        }
        #expect(ledger.inFlight == 15)
        #expect(ledger.wanted == 10)
        _ = ledger.open(10, deadline: 100)
        for _ in 0..<10 {
            ledger.received()
            ledger.handedOut()
        }
        #expect(ledger.inFlight == 25)
        #expect(!ledger.hasRoom)
        #expect(ledger.wanted == nil)
        ledger.settled()
        #expect(ledger.wanted == 1)
    }

    @Test("pulls the server never spoke of again are given up")
    func expiredPulls() {
        var ledger = PullLedger(batch: 10, maximumInFlight: 100)
        _ = ledger.open(10, deadline: 100)
        let early = ledger.closeExpired(at: 99)
        let late = ledger.closeExpired(at: 100)
        #expect(!early && late)
        #expect(ledger.outstanding == 0)
        #expect(ledger.wanted == 10)
    }

    @Test("a batch is never larger than what may be in flight")
    func smallLimits() {
        var ledger = PullLedger(batch: 100, maximumInFlight: 1)
        #expect(ledger.wanted == 1)
        _ = ledger.open(1, deadline: 1)
        ledger.received()
        ledger.handedOut()
        #expect(ledger.wanted == nil)
        ledger.settled()
        #expect(ledger.wanted == 1)
    }
}
