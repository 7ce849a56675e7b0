import Contracts

extension Duration {
    /// `1500ms`, `30s`, `5m`, `7d`: the largest unit that needs no fraction.
    var words: String {
        let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] as [(String, Int64)]
        where milliseconds >= size && milliseconds % size == 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}

extension Retries {
    var words: String { "\(attempts) of \(perTry.words)" }
}

extension Breaker {
    var words: String { "\(openFor.words) after \(consecutiveErrors) errors" }
}

extension RateLimit? {
    var words: String { map { "\($0.perMinute) a minute and \($0.perHour) an hour" } ?? "none" }
}
