/// What the clients of the demo saw: kept outside the system, so that it can be held against it.
actor DemoJournal {
    private var times_ms: [String: [Double]] = [:]
    private var retried: [String: Int] = [:]
    private(set) var failures: [String] = []

    func answered(_ step: String, in time: Duration) {
        times_ms[step, default: []].append(time.inMilliseconds)
    }

    /// A request that was sent again: why.
    func retried(_ reason: String) {
        retried[reason, default: 0] += 1
    }

    func failed(_ what: String) {
        failures.append(what)
    }

    func report() -> String {
        var table = TextTable(["STEP", "REQUESTS", "P50 ms", "P99 ms", "MAX ms"])
        for (step, times) in times_ms.sorted(by: { $0.key < $1.key }) {
            let sorted = times.sorted()
            func at(_ share: Double) -> String {
                let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
                return "\((sorted[index] * 10).rounded() / 10)"
            }
            table.add([step, "\(sorted.count)", at(0.5), at(0.99), at(1)])
        }
        var lines = [table.text, ""]
        let again = retried.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        lines.append("sent again: \(again.isEmpty ? "none" : again.joined(separator: ", "))")
        lines.append("failed requests: \(failures.count)")
        lines.append(contentsOf: failures.prefix(10).map { "  \($0)" })
        return lines.joined(separator: "\n")
    }
}

extension Duration {
    var inMilliseconds: Double {
        Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15
    }
}
