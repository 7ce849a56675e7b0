import Worker

/// Sign-ins that wait a little because their address was tried too often, by whomever: nobody is refused for what others
/// do, but guessing gets slower. Bounded: what finds no place goes on at once, to the queue of the password threads.
@Reactor
final class HeldSignIns {
    private var places: Int

    nonisolated init(places: Int = 64) {
        self.places = places
    }

    /// Waits for `delay_s`, if there is a place and the deadline leaves time for what comes after.
    func wait(_ delay_s: Double, until deadline: Deadline) async throws {
        guard delay_s > 0, places > 0 else { return }
        let delay = min(Duration.seconds(delay_s), deadline.remaining / 2)
        places -= 1
        defer { places += 1 }
        try await Reactor.sleep(for: delay)
    }
}
