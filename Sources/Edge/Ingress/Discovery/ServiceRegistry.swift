/// Which instances of services there are: fed with what each round heard, without a clock or a connection of its own.
///
/// Whoever answers a ping gets a place, and keeps it while nobody else wants it; when places are few, those who were
/// asked for their announcement and gave none that can be read lose theirs first.
struct ServiceRegistry {
    struct Member: Sendable {
        let instance: ServiceInstance
        let standing: ServiceStanding
        /// Increases in the order in which instances were found.
        let order: Int
        /// The round in which it was found.
        let foundIn: Int
        /// Rounds in a row that it did not answer.
        var missed = 0
        var silentSince: ContinuousClock.Instant?
        /// The round in which its announcement was asked for last; 0 for never.
        var askedIn = 0
        /// Times that it was asked since it announced something that could be read.
        var failures = 0
        /// The round after which it was pinged by its own name last.
        var pingedIn = 0
        /// Of the announcement that was read last.
        var digest: Int?
        var bytes = 0
        /// How often it differed from what it was before; less after each look at which it did not.
        var changes = 0
        var announcement: ServiceAnnouncement?
    }

    /// Which of the known instances did not answer.
    enum Silence {
        case allOthers
        case these(Set<ServiceInstance>)
    }

    /// Instances of one name that are known at the same time.
    static let maxPerService = 64
    /// Rounds without an answer until an instance counts as silent.
    static let maxMissed = 3

    private let grace: Duration
    private let contracted: Set<String>
    private let trusted: Set<String>
    var members: [ServiceInstance: Member] = [:]
    var round = 0
    private var nextOrder = 0
    /// Bounds that kept somebody out since ``takeNotices()``.
    private var notices: [(service: String, reason: String)] = []
    /// Whether anything differs since ``takeChange()``.
    private var hasChanged = false

    /// - Parameters:
    ///   - grace: how long an instance that went silent keeps its routes.
    ///   - contracted: names whose announcements are read once and last: contracts say what these workers answer.
    ///   - trusted: names that the operator trusts.
    init(grace: Duration, contracted: Set<String>, trusted: Set<String> = []) {
        self.grace = grace
        self.contracted = contracted
        self.trusted = trusted
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

    /// Which bounds kept somebody out; asking resets it. The service is `-` for bounds of all services together.
    mutating func takeNotices() -> [(service: String, reason: String)] {
        defer { notices = [] }
        return notices
    }

    func standing(of service: String) -> ServiceStanding {
        contracted.contains(service) ? .contracted : trusted.contains(service) ? .trusted : .stranger
    }

    /// One round is over.
    /// - Parameter silent: who of those that are not among `instances` did not answer.
    /// - Returns: whose announcements are wanted now.
    mutating func heard(
        _ instances: [ServiceInstance], silent: Silence, now: ContinuousClock.Instant
    ) -> [ServiceInstance] {
        round += 1
        var heard: Set<ServiceInstance> = []
        var newcomers: [ServiceInstance] = []
        for instance in instances where heard.insert(instance).inserted {
            guard let member = members[instance] else {
                newcomers.append(instance)
                continue
            }
            if member.missed > 0 { hasChanged = true }
            members[instance]?.missed = 0
            members[instance]?.silentSince = nil
        }
        admit(newcomers)
        switch silent {
        case .allOthers: miss(members.keys.filter { !heard.contains($0) }, now: now)
        case .these(let silent): miss(silent.filter { !heard.contains($0) }, now: now)
        }
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

    mutating func add(_ instance: ServiceInstance) {
        members[instance] = Member(
            instance: instance, standing: standing(of: instance.name), order: nextOrder, foundIn: round)
        nextOrder += 1
    }

    mutating func remove(_ instance: ServiceInstance) {
        if members.removeValue(forKey: instance)?.announcement != nil { hasChanged = true }
    }

    mutating func note(_ service: String, _ reason: String) {
        guard !notices.contains(where: { $0.service == service && $0.reason == reason }) else { return }
        notices.append((service, reason))
    }

    mutating func noteChange() { hasChanged = true }

    private mutating func miss(_ silent: some Sequence<ServiceInstance>, now: ContinuousClock.Instant) {
        for instance in silent {
            guard var member = members[instance] else { continue }
            if member.missed == 0 { hasChanged = true }
            member.missed += 1
            if member.missed == Self.maxMissed { member.silentSince = now }
            if let since = member.silentSince, now - since >= grace {
                remove(instance)
            } else {
                members[instance] = member
            }
        }
    }
}
