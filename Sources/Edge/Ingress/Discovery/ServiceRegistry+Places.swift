/// Who gets a place.
extension ServiceRegistry {
    /// Bounded by what is told in one round, so that a flood is looked at once and not again and again.
    private static let maxNotices = 16

    mutating func admit(_ newcomers: [ServiceInstance]) {
        guard !newcomers.isEmpty else { return }
        var places = Places(members.values)
        for standing in ServiceStanding.allCases {
            var group = newcomers.filter { self.standing(of: $0.name) == standing }
            // Whoever answers first would always win: among too many, chance decides.
            if group.count > standing.maxUnread - places.unread[standing, default: 0] { group.shuffle() }
            for instance in group { admit(instance, standing, &places) }
        }
    }

    private mutating func admit(_ instance: ServiceInstance, _ standing: ServiceStanding, _ places: inout Places) {
        if places.perService[instance.name, default: 0] >= Self.maxPerService {
            guard let idle = places.takeIdle(of: instance.name, members) else {
                if places.notices < Self.maxNotices {
                    places.notices += 1
                    note(instance.name, "\(Self.maxPerService) of its instances are known; others are not looked at")
                }
                return
            }
            free(idle, &places)
        } else if places.unread[standing, default: 0] >= standing.maxUnread {
            guard let idle = places.takeIdle(of: standing, members) else {
                return note(
                    "-",
                    "\(standing.maxUnread) instances (\(standing)) have announced nothing yet; others have to wait")
            }
            free(idle, &places)
        }
        add(instance)
        places.unread[standing, default: 0] += 1
        places.perService[instance.name, default: 0] += 1
    }

    private mutating func free(_ idle: ServiceInstance, _ places: inout Places) {
        guard let member = members[idle] else { return }
        remove(idle)
        places.unread[member.standing, default: 0] -= 1
        places.perService[idle.name, default: 0] -= 1
    }

    /// What is taken while newcomers come in.
    private struct Places {
        var unread: [ServiceStanding: Int] = [:]
        var perService: [String: Int] = [:]
        var notices = 0
        /// Those that were asked and gave nothing that can be read; who failed most often last.
        private var idle: [ServiceStanding: [ServiceInstance]] = [:]
        private var idleByName: [String: [ServiceInstance]] = [:]

        init(_ members: some Sequence<Member>) {
            var failed: [Member] = []
            for member in members {
                perService[member.instance.name, default: 0] += 1
                guard member.announcement == nil else { continue }
                unread[member.standing, default: 0] += 1
                if member.failures > 0 { failed.append(member) }
            }
            for member in failed.sorted(by: { ($0.failures, $1.order) < ($1.failures, $0.order) }) {
                idle[member.standing, default: []].append(member.instance)
                idleByName[member.instance.name, default: []].append(member.instance)
            }
        }

        mutating func takeIdle(of standing: ServiceStanding, _ members: [ServiceInstance: Member]) -> ServiceInstance? {
            Self.last(of: &idle[standing, default: []], members)
        }

        mutating func takeIdle(of name: String, _ members: [ServiceInstance: Member]) -> ServiceInstance? {
            Self.last(of: &idleByName[name, default: []], members)
        }

        /// Each stands in two lists, and may have been taken from the other one.
        private static func last(
            of idle: inout [ServiceInstance], _ members: [ServiceInstance: Member]
        ) -> ServiceInstance? {
            while let instance = idle.popLast() {
                if members[instance]?.failures ?? 0 > 0 { return instance }
            }
            return nil
        }
    }
}
