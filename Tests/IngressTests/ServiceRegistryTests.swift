import JSON
import Testing

@testable import Ingress

@Suite("who is known of services")
struct ServiceRegistryTests {
    private var registry = ServiceRegistry(grace: .zero, contracted: ["orders"], trusted: ["open"])
    private let now = ContinuousClock.now

    private static func instances(_ name: String, _ count: Int, from first: Int = 0) -> [ServiceInstance] {
        (first..<first + count).map { ServiceInstance(name: name, id: "i\($0)") }
    }

    /// Each of another service.
    private static func strangers(_ count: Int, from first: Int = 0) -> [ServiceInstance] {
        (first..<first + count).map { ServiceInstance(name: "stranger\($0)", id: "i") }
    }

    private mutating func hear(_ instances: [ServiceInstance]) -> [ServiceInstance] {
        registry.heard(instances, silent: .allOthers, now: now)
    }

    private mutating func learn(_ instance: ServiceInstance) throws {
        let body = Array(PlayedService.info(instance.name, instance.id, "1.0.0", []).utf8)
        if try registry.accepts(body, of: instance) {
            registry.learn(try ServiceAnnouncement(body, of: instance, isTrusted: false), of: instance)
        }
    }

    /// Goes on until everyone who answers honestly has been read.
    private mutating func expectSettled(
        _ honest: [ServiceInstance], among all: [ServiceInstance], rounds: Int
    ) throws {
        for _ in 0..<rounds {
            for instance in hear(all) where honest.contains(instance) { try learn(instance) }
            let read = Set(registry.announced.map(\.instance))
            if honest.allSatisfy(read.contains) { return }
        }
        Issue.record("not read in \(rounds) rounds")
    }

    @Test("one name takes no more than its share of the places, which is told once a round")
    mutating func oneName() throws {
        let flood = Self.instances("flood", 1000)
        _ = hear(flood)
        #expect(registry.members.count == ServiceRegistry.maxPerService)
        let notices = registry.takeNotices()
        let others = registry.takeNotices()
        #expect(notices.map(\.service) == ["flood"])
        #expect(others.isEmpty)
        let honest = ServiceInstance(name: "honest", id: "i")
        let asked = hear(flood + [honest])
        #expect(asked.contains(honest))
    }

    @Test("an instance finds its place among made-up ones of its own name")
    mutating func sameName() throws {
        let flood = Self.instances("s", 64)
        let honest = ServiceInstance(name: "s", id: "honest")
        for _ in 0..<3 { _ = hear(flood) }
        try expectSettled([honest], among: flood + [honest], rounds: 3)
    }

    @Test("a thousand names that never announce anything hide nobody who comes later")
    mutating func madeUp() throws {
        let flood = Self.strangers(1000)
        for _ in 0..<30 { _ = hear(flood) }
        #expect(registry.members.count <= ServiceStanding.stranger.maxUnread)
        let notices = registry.takeNotices()
        #expect(notices.contains { $0.service == "-" })
        let honest = ServiceInstance(name: "honest", id: "i")
        try expectSettled([honest], among: flood + [honest], rounds: 2000)
        // What is read once stays.
        for _ in 0..<30 { _ = hear(flood + [honest]) }
        #expect(registry.announced.map(\.instance) == [honest])
    }

    @Test("names that are made up anew in each round hide nobody for ever")
    mutating func alwaysNew() throws {
        let honest = ServiceInstance(name: "honest", id: "i")
        for round in 0..<10 { _ = hear(Self.strangers(500, from: round * 500)) }
        var rounds = 10
        while registry.announced.isEmpty, rounds < 3000 {
            // Those that answer first are not preferred.
            for instance in hear(Self.strangers(500, from: rounds * 500) + [honest]) where instance == honest {
                try learn(instance)
            }
            rounds += 1
        }
        #expect(rounds < 3000)
    }

    @Test("strangers take no place of trusted services and of workers with contracts, whatever they announce")
    mutating func reserved() throws {
        let flood = Self.strangers(1100)
        var known: Set<ServiceInstance> = []
        for _ in 0..<200 where known.count < ServiceStanding.stranger.maxRead {
            for instance in hear(flood) where !known.contains(instance) {
                do { try learn(instance) } catch { continue }
                known.insert(instance)
            }
        }
        #expect(known.count == ServiceStanding.stranger.maxRead)
        var refused = 0
        for instance in hear(flood) where !known.contains(instance) {
            do { try learn(instance) } catch { refused += 1 }
        }
        #expect(refused > 0)
        let own = Self.instances("open", 3) + Self.instances("orders", 3)
        try expectSettled(own, among: flood + own, rounds: 5)
        #expect(registry.announced.count == known.count + own.count)
    }

    @Test("announcements of strangers take no bytes of trusted services")
    mutating func bytes() throws {
        let long = #"{"description":"\#(String(repeating: "x", count: 250 << 10))"}"#
        let flood = Self.strangers(60)
        let open = ServiceInstance(name: "open", id: "i")
        var refused = 0
        for _ in 0..<10 {
            for instance in hear(flood + [open]) {
                do throws(AnnouncementFault) {
                    _ = try registry.accepts(Array((instance.name + long).utf8), of: instance)
                } catch {
                    refused += 1
                    #expect(instance != open)
                }
            }
        }
        #expect(refused > 0)
        #expect(registry.members.values.reduce(0) { $0 + $1.bytes } <= 16 << 20)
    }

    @Test("who has no room for a new announcement keeps the one that it has")
    mutating func noRoom() throws {
        let honest = ServiceInstance(name: "honest", id: "i")
        try expectSettled([honest], among: [honest], rounds: 1)
        // Each as large as is taken, until nothing is left.
        var room = ServiceStanding.stranger.maxBytes - (registry.members[honest]?.bytes ?? 0)
        let others = Self.strangers((room - 1) / ServiceAnnouncement.maxBytes + 1)
        _ = hear([honest] + others)
        for other in others {
            let count = min(room, ServiceAnnouncement.maxBytes)
            let isTaken = try registry.accepts(Array(repeating: 1, count: count), of: other)
            #expect(isTaken)
            room -= count
        }
        let body = Array(PlayedService.info("honest", "i", "1.0.0", [.http("honest.a", "GET /a")]).utf8)
        #expect(throws: AnnouncementFault.self) {
            var registry = registry
            _ = try registry.accepts(body, of: honest)
        }
        #expect(registry.announced.map(\.instance) == [honest])
        registry.learn(nil, of: others[0])
        let isTakenLater = try registry.accepts(body, of: honest)
        #expect(isTakenLater)
    }

    @Test("what an instance announced before a fault may come back")
    mutating func comesBack() throws {
        let instance = ServiceInstance(name: "s", id: "i")
        try expectSettled([instance], among: [instance], rounds: 1)
        registry.learn(nil, of: instance)
        #expect(registry.announced.isEmpty)
        try expectSettled([instance], among: [instance], rounds: 1)
    }

    @Test("after a round with too many answers, those are asked that were not among them, each in its turn")
    mutating func incompleteRounds() throws {
        let known = Self.strangers(300)
        try expectSettled(known, among: known, rounds: 100)
        _ = registry.takeChange()
        // All answers came from others; of the known ones, half is dead.
        let alive = Set(known.prefix(150))
        var asked: Set<ServiceInstance> = []
        for _ in 0..<3 {
            let unheard = registry.unheard(among: [])
            #expect(unheard.count <= ServiceRegistry.maxPinged)
            asked.formUnion(unheard)
            _ = registry.heard(
                unheard.filter(alive.contains), silent: .these(Set(unheard)), now: now)
        }
        #expect(asked.count == 300)
        #expect(registry.announced.count == 300)
        for _ in 0..<9 {
            let unheard = registry.unheard(among: [])
            _ = registry.heard(unheard.filter(alive.contains), silent: .these(Set(unheard)), now: now)
        }
        #expect(Set(registry.announced.map(\.instance)) == alive)
        let hasChanged = registry.takeChange()
        #expect(hasChanged)
    }

    @Test("every known announcement is looked at again, however many there are and whoever else wants to be read")
    mutating func looks() throws {
        let known = Self.strangers(400)
        let silent = Self.strangers(100, from: 1000)
        try expectSettled(known, among: known, rounds: 100)
        var seen: Set<ServiceInstance> = []
        for _ in 0..<80 { seen.formUnion(hear(known + silent)) }
        #expect(seen.isSuperset(of: known))
        #expect(seen.isSuperset(of: silent))
    }

    @Test("who announces nothing is asked often at first and now and then later; what was refused is not read again")
    mutating func unread() throws {
        let silent = ServiceInstance(name: "silent", id: "i")
        var asked = 0
        for _ in 0..<120 { asked += hear([silent]).count }
        #expect(asked == 30)
        let isTaken = try registry.accepts(Array("x".utf8), of: silent)
        registry.learn(nil, of: silent)
        let isTakenAgain = try registry.accepts(Array("x".utf8), of: silent)
        #expect(isTaken && !isTakenAgain)
        #expect(registry.members[silent]?.bytes == 0)
        let hasChanged = registry.takeChange()
        #expect(!hasChanged)
    }

    @Test("a few names with many large announcements leave room for others, and none has more than its share")
    mutating func fewNames() throws {
        let evil = (0..<10).flatMap { Self.instances("evil\($0)", 20) }
        var bodies = 0
        for _ in 0..<8 {
            for instance in hear(evil) {
                let body = Array(repeating: UInt8(bodies % 251), count: ServiceAnnouncement.maxBytes)
                bodies += 1
                _ = try? registry.accepts(body, of: instance)
            }
        }
        for name in 0..<10 {
            let bytes = registry.members.values.filter { $0.instance.name == "evil\(name)" }.reduce(0) { $0 + $1.bytes }
            #expect(bytes <= ServiceStanding.stranger.maxBytesPerService)
        }
        let honest = Self.strangers(4)
        _ = hear(evil + honest)
        for instance in honest {
            let isTaken = try registry.accepts(Array(repeating: 7, count: ServiceAnnouncement.maxBytes), of: instance)
            #expect(isTaken)
        }
    }

    @Test("an announcement that changes each time is looked at less and less often, one that settles as usual")
    mutating func changing() throws {
        let instance = ServiceInstance(name: "s", id: "i")
        let trusted = ServiceInstance(name: "open", id: "i")
        var asked: [ServiceInstance: Int] = [:]
        for round in 0..<600 {
            for wanted in hear([instance, trusted]) {
                asked[wanted, default: 0] += 1
                let endpoints = [PlayedService.Endpoint.http("\(wanted.name).a\(round)", "GET /a")]
                let body = Array(PlayedService.info(wanted.name, "i", "1.0.0", endpoints).utf8)
                guard try registry.accepts(body, of: wanted) else { continue }
                registry.learn(try ServiceAnnouncement(body, of: wanted, isTrusted: false), of: wanted)
            }
        }
        #expect(6..<16 ~= asked[instance, default: 0], "\(asked)")
        #expect(asked[trusted, default: 0] > 60)
        let before = asked[instance, default: 0]
        for _ in 0..<900 {
            for wanted in hear([instance, trusted]) {
                asked[wanted, default: 0] += 1
                try learn(wanted)
            }
        }
        #expect(asked[instance, default: 0] > before + 20)
    }

    @Test("who was asked in vain for want of time is asked again in the next round, and has not failed")
    mutating func postponed() throws {
        let late = ServiceInstance(name: "late", id: "i")
        let flood = Self.strangers(200)
        for instance in [hear([late])].joined() { registry.postpone(instance) }
        #expect(registry.members[late]?.failures == 0)
        let asked = hear(flood + [late])
        #expect(asked.contains(late))
    }
}
