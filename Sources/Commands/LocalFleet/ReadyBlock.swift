/// What `up` says when the fleet is ready: where everything is and what to try next.
package struct ReadyBlock: Sendable {
    package let ready: Fleet.Ready

    package init(_ ready: Fleet.Ready) { self.ready = ready }

    /// - Parameter bold: Makes a text stand out.
    package func text(bold: (String) -> String) -> String {
        let file = ready.file
        let lines =
            [
                "", bold("The fleet is ready (\(ready.duration.rounded)).") + " " + instances,
                "",
                "  HTTP           \(file.http)",
                "  NATS           \(withoutPassword(file.nats))   (monitoring \(file.natsMonitor))",
                "  Postgres       \(withoutPassword(file.postgres))",
                "  Stripe         \(file.stripe)   (simulator)",
                "  Mail           \(file.mail)",
                "  Everything     \(directory)/fleet.json   (with pids, the superuser's password and a staff token)",
            ] + brokerUsers + [
                "",
                bold("Try") + (ready.seeded.map { "   (\($0))" } ?? ""),
                "  curl '\(file.http)/api/v1/products?limit=3'",
                isOpen
                    ? "  nats --server \(file.nats) req inventory.products.list '{\"limit\":3}'"
                    : "  ./flotilla call --dir \(directory) inventory.products.list '{\"limit\":3}'",
                "",
                "Ctrl-C drains and stops everything; the data stays.",
                "",
            ]
        return lines.joined(separator: "\n")
    }

    /// Whether the broker lets everybody in.
    private var isOpen: Bool { ready.file.nats == ready.file.natsWithoutUser }

    private var brokerUsers: [String] {
        guard !isOpen else { return [] }
        return [
            "  Broker users   \(directory)/secrets/nats-<user>.password   (call, demo, ps and events are the operator)"
        ]
    }

    private var directory: String {
        let mail = ready.file.mail
        return mail.hasSuffix("/mail") ? String(mail.dropLast(5)) : mail
    }

    private var instances: String {
        let counts = ready.file.workers.reduce(into: [(String, Int)]()) { counts, worker in
            if let index = counts.firstIndex(where: { $0.0 == worker.name }) {
                counts[index].1 += 1
            } else {
                counts.append((worker.name, 1))
            }
        }
        return counts.map { $0.1 == 1 ? $0.0 : "\($0.0) x\($0.1)" }.joined(separator: ", ") + ", stripe, ingress"
    }

    /// A terminal is looked at by others, too.
    private func withoutPassword(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@"), let scheme = url.firstRange(of: "://") else { return url }
        let user = url[scheme.upperBound..<at].prefix { $0 != ":" }
        return "\(url[..<scheme.upperBound])\(user):…\(url[at...])"
    }
}
