/// Which instances of services there are: fed with what each round heard, without a clock or a connection of its own.
struct ServiceRegistry {
    struct Member: Sendable {
        let instance: ServiceInstance
        /// Increases in the order in which instances were found.
        let order: Int
        /// The round in which it was found.
        let foundIn: Int
        /// Rounds in a row that it did not answer.
        var missed = 0
        var silentSince: ContinuousClock.Instant?
        /// Of the announcement that was read last.
        var digest: Int?
        var bytes = 0
        var announcement: ServiceAnnouncement?
    }

    /// Instances that are known at the same time.
    static let maxInstances = 1024
    /// Bytes of all announcements together.
    static let maxBytes = 16 << 20
    /// Announcements that are asked for in one round.
    static let maxAsked = 32
    /// Rounds without an answer until an instance counts as silent.
    static let maxMissed = 3
    /// Rounds in which a new instance is asked again each time: a service may answer pings before it has all its
    /// endpoints.
    static let youngRounds = 20
    /// Rounds between two looks at the announcement of an old one: endpoints may be added at any time.
    static let roundsBetweenLooks = 10

    private let grace: Duration
    /// Names whose announcements are read once and last: contracts say what these workers answer.
    private let contracted: Set<String>
    private var members: [ServiceInstance: Member] = [:]
    private var round = 0
    private var nextOrder = 0
    private var bytes = 0
    /// Whether anything differs since ``takeChange()``.
    private var hasChanged = false

    /// - Parameter grace: how long an instance that went silent keeps its routes.
    init(grace: Duration, contracted: Set<String>) {
        self.grace = grace
        self.contracted = contracted
    }

    /// All that have announced something: those that answer before those that do not, then in the order of their
    /// finding.
    var announced: [Member] {
        members.values.filter { $0.announcement != nil }.sorted {
            ($0.missed > 0 ? 1 : 0, $0.order) < ($1.missed > 0 ? 1 : 0, $1.order)
        }
    }

    /// Whether there is something new to make routes of; asking resets it.
    mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    /// One round is over.
    /// - Parameters:
    ///   - isComplete: whether who is not among `instances` did not answer.
    /// - Returns: whose announcements are wanted now.
    mutating func heard(
        _ instances: [ServiceInstance], isComplete: Bool, now: ContinuousClock.Instant
    ) -> [ServiceInstance] {
        round += 1
        let heard = Set(instances)
        for instance in instances {
            if let member = members[instance] {
                if member.missed > 0 { hasChanged = true }
                members[instance]?.missed = 0
                members[instance]?.silentSince = nil
            } else if members.count < Self.maxInstances {
                members[instance] = Member(instance: instance, order: nextOrder, foundIn: round)
                nextOrder += 1
            }
        }
        if isComplete { miss(allBut: heard, now: now) }
        return wanted()
    }

    /// Nothing could be heard: nobody is silent for that, and all silence begins anew.
    mutating func heardNothing() {
        for instance in Array(members.keys) where members[instance]?.missed != 0 {
            members[instance]?.missed = 0
            members[instance]?.silentSince = nil
            hasChanged = true
        }
    }

    /// Whether these bytes differ from what the instance announced last, and may be read.
    /// - Throws: when there are too many.
    mutating func accepts(_ body: [UInt8], of instance: ServiceInstance) throws(AnnouncementFault) -> Bool {
        guard let member = members[instance], member.digest != body.hashValue else { return false }
        let total = bytes - member.bytes + body.count
        guard total <= Self.maxBytes else { throw AnnouncementFault("all announcements together are too large") }
        bytes = total
        members[instance]?.bytes = body.count
        members[instance]?.digest = body.hashValue
        return true
    }

    /// - Parameter announcement: nil for one that is refused as a whole.
    mutating func learn(_ announcement: ServiceAnnouncement?, of instance: ServiceInstance) {
        guard let member = members[instance], announcement != nil || member.announcement != nil else { return }
        members[instance]?.announcement = announcement
        if announcement == nil { members[instance]?.digest = nil }
        hasChanged = true
    }

    private mutating func miss(allBut heard: Set<ServiceInstance>, now: ContinuousClock.Instant) {
        for (instance, var member) in members where !heard.contains(instance) {
            if member.missed == 0 { hasChanged = true }
            member.missed += 1
            if member.missed == Self.maxMissed { member.silentSince = now }
            if let since = member.silentSince, now - since >= grace {
                bytes -= member.bytes
                members[instance] = nil
                hasChanged = true
            } else {
                members[instance] = member
            }
        }
    }

    private func wanted() -> [ServiceInstance] {
        members.values.compactMap { member -> (rank: Int, order: Int, instance: ServiceInstance)? in
            guard member.missed == 0 else { return nil }
            let isNew = member.digest == nil
            let isContracted = contracted.contains(member.instance.name)
            let isYoung = round - member.foundIn < Self.youngRounds
            let isDue = isYoung || (round - member.foundIn) % Self.roundsBetweenLooks == 0
            guard isDue, isNew || !isContracted else { return nil }
            return (isContracted ? 3 : isNew ? isYoung ? 0 : 2 : 1, member.order, member.instance)
        }
        .sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }
        .prefix(Self.maxAsked).map(\.instance)
    }
}
