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
        guard let member = members[instance], member.digest != body.hashValue else { return false }
        members[instance]?.digest = nil
        let others = members.values.filter { $0.standing == member.standing && $0.instance != instance }
        guard others.reduce(body.count, { $0 + $1.bytes }) <= member.standing.maxBytes else {
            throw AnnouncementFault("all announcements together are too large")
        }
        guard others.count(where: { $0.announcement != nil }) < member.standing.maxRead else {
            throw AnnouncementFault("\(member.standing.maxRead) instances have announced something already")
        }
        members[instance]?.bytes = body.count
        members[instance]?.digest = body.hashValue
        return true
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
        let groups =
            ServiceStanding.allCases.map { standing in
                let unread = due.filter { $0.standing == standing && $0.announcement == nil }
                return (members: Self.inTurn(unread), share: standing.share)
            } + [
                (
                    members: due.filter { $0.announcement != nil }
                        .sorted { ($0.askedIn, $0.order) < ($1.askedIn, $1.order) },
                    share: Self.maxAsked - ServiceStanding.allCases.reduce(0) { $0 + $1.share }
                )
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
        return member.askedIn == 0 || isYoung || round - member.askedIn >= Self.roundsBetweenLooks
    }
}
