/// Who is asked, and what becomes of the answers.
extension ServiceRegistry {
    /// Announcements that are asked for in one round.
    static let maxAsked = 32
    /// Instances that are pinged by their own names in one round.
    static let maxPinged = 128
    /// Rounds in which a new instance is asked again each time: a service may answer pings before it has all its
    /// endpoints.
    static let youngRounds = 20
    /// Rounds between two looks at the announcement of an old one: endpoints may be added at any time.
    static let roundsBetweenLooks = 10
    /// Changes of an announcement after which each further one doubles the rounds until the next look.
    static let freeChanges = 4
    static let maxRoundsBetweenLooks = 256

    /// Those with routes whose answers may have been lost among too many others: the ones first that were not pinged by
    /// their own names for longest.
    mutating func unheard(among heard: Set<ServiceInstance>) -> [ServiceInstance] {
        let unheard = members.values.filter { $0.announcement != nil && !heard.contains($0.instance) }
            .sorted { ($0.pingedIn, $0.order) < ($1.pingedIn, $1.order) }
            .prefix(Self.maxPinged).map(\.instance)
        for instance in unheard { members[instance]?.pingedIn = round + 1 }
        return unheard
    }

    /// Whether these bytes differ from what the instance announced last, and may be read.
    /// - Throws: when there are too many bytes or instances already; what it announced before stays.
    mutating func accepts(_ body: [UInt8], of instance: ServiceInstance) throws(AnnouncementFault) -> Bool {
        guard let member = members[instance] else { return false }
        guard member.digest != body.hashValue else {
            members[instance]?.changes /= 2
            return false
        }
        members[instance]?.digest = nil
        try checkRoom(for: body.count, of: member)
        members[instance]?.changes += 1
        members[instance]?.bytes = body.count
        members[instance]?.digest = body.hashValue
        return true
    }

    private func checkRoom(for bytes: Int, of member: Member) throws(AnnouncementFault) {
        let standing = member.standing
        var all = (bytes: bytes, read: 0)
        var own = (bytes: bytes, read: 0)
        for other in members.values where other.standing == standing && other.instance != member.instance {
            all.bytes += other.bytes
            all.read += other.announcement == nil ? 0 : 1
            guard other.instance.name == member.instance.name else { continue }
            own.bytes += other.bytes
            own.read += other.announcement == nil ? 0 : 1
        }
        guard own.bytes <= standing.maxBytesPerService else {
            throw AnnouncementFault("the announcements of its instances are too large together")
        }
        let isFirst = own.bytes == bytes && own.read == 0
        guard all.bytes <= (isFirst ? standing.maxBytes : standing.maxBytesOfMore) else {
            throw AnnouncementFault("all announcements together are too large")
        }
        let maxRead = isFirst ? standing.maxRead : standing.maxReadOfMore
        guard all.read < maxRead else {
            throw AnnouncementFault("\(maxRead) instances have announced something already")
        }
    }

    /// There was no time to read its answer: it is asked again as if it had not been asked.
    mutating func postpone(_ instance: ServiceInstance) {
        guard let member = members[instance] else { return }
        members[instance]?.askedIn = 0
        if member.announcement == nil { members[instance]?.failures = max(0, member.failures - 1) }
    }

    /// - Parameter announcement: nil for one that is refused as a whole.
    mutating func learn(_ announcement: ServiceAnnouncement?, of instance: ServiceInstance) {
        guard let member = members[instance] else { return }
        if announcement != nil { members[instance]?.failures = 0 } else { members[instance]?.bytes = 0 }
        guard announcement != nil || member.announcement != nil else { return }
        members[instance]?.announcement = announcement
        // What it announced before may come back.
        if announcement == nil { members[instance]?.digest = nil }
        noteChange()
    }

    /// Whoever has announced nothing yet comes first, within the share of its standing; what is left goes to looks at
    /// known announcements, the oldest look first.
    mutating func wanted() -> [ServiceInstance] {
        let due = members.values.filter(isDue)
        let unread = ServiceStanding.allCases.map { standing in
            let unread = due.filter { $0.standing == standing && $0.announcement == nil }
            return (members: Self.inTurn(unread), share: standing.share)
        }
        let known = due.filter { $0.announcement != nil }
            .sorted { ($0.askedIn, $0.order) < ($1.askedIn, $1.order) }
        let left = Self.maxAsked - ServiceStanding.allCases.reduce(0) { $0 + $1.share }
        let groups =
            unread + [
                (members: known.filter { $0.standing == .trusted }, share: left / 2),
                (members: known.filter { $0.standing != .trusted }, share: left - left / 2),
            ]
        var chosen = groups.flatMap { $0.members.prefix($0.share) }
        chosen += groups.flatMap { $0.members.dropFirst($0.share) }.prefix(Self.maxAsked - chosen.count)
        for member in chosen {
            members[member.instance]?.askedIn = round
            members[member.instance]?.failures += member.announcement == nil ? 1 : 0
        }
        return chosen.map(\.instance)
    }

    /// The first of each name, then the second of each, so that a name with many does not come before all others.
    private static func inTurn(_ unread: [Member]) -> [Member] {
        var counts: [String: Int] = [:]
        var turns: [(turn: Int, member: Member)] = []
        for member in unread.sorted(by: { ($0.failures, $0.askedIn, $0.order) < ($1.failures, $1.askedIn, $1.order) }) {
            turns.append((counts[member.instance.name, default: 0], member))
            counts[member.instance.name, default: 0] += 1
        }
        return turns.sorted { one, other in
            (one.turn, one.member.failures, one.member.askedIn, one.member.order)
                < (other.turn, other.member.failures, other.member.askedIn, other.member.order)
        }.map(\.member)
    }

    private func isDue(_ member: Member) -> Bool {
        guard member.missed == 0, member.announcement == nil || member.standing != .contracted else { return false }
        let isYoung = round - member.foundIn < Self.youngRounds
        let rounds = isYoung ? 1 : Self.roundsBetweenLooks
        return member.askedIn == 0 || round - member.askedIn >= max(rounds, Self.pause(of: member))
    }

    /// Reading costs more than announcing: who announces something else each time is read less and less often.
    private static func pause(of member: Member) -> Int {
        guard member.standing != .trusted, member.changes > freeChanges else { return 1 }
        return min(maxRoundsBetweenLooks, 1 << min(member.changes - freeChanges, 16))
    }
}
