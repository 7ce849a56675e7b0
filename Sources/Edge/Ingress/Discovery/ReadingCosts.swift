/// How long announcements of each service took to read lately: who cost little is read first, and who costs much waits.
struct ReadingCosts {
    /// Rounds after which half of it is forgiven.
    static let roundsToHalf = 20

    private var spent: [String: Duration] = [:]
    private var rounds = 0

    mutating func add(_ duration: Duration, to service: String) {
        spent[service, default: .zero] += duration
    }

    mutating func endRound() {
        rounds += 1
        guard rounds.isMultiple(of: Self.roundsToHalf) else { return }
        spent = spent.mapValues { $0 / 2 }.filter { $0.value >= .milliseconds(1) }
    }

    /// Who is read first. Among those that cost the same, in every other round the shortest comes first, which most often
    /// costs little, and in the others whoever stands first, so that nobody waits for ever.
    func inOrder(_ announcements: [(instance: ServiceInstance, bytes: Int)]) -> [ServiceInstance] {
        let prefersShort = rounds.isMultiple(of: 2)
        return announcements.enumerated().map { place, announcement in
            (
                cost: cost_ms(of: announcement.instance.name), bytes: prefersShort ? announcement.bytes : 0,
                place: place, instance: announcement.instance
            )
        }
        .sorted { ($0.cost, $0.bytes, $0.place) < ($1.cost, $1.bytes, $1.place) }
        .map(\.instance)
    }

    /// Whole milliseconds, so that those who cost next to nothing stay in their order.
    private func cost_ms(of service: String) -> Int64 {
        let (seconds, attoseconds) = spent[service, default: .zero].components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
