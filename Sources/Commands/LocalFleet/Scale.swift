/// How many instances each worker has, as in `orders=3,inventory=2`.
package struct Scale: Sendable, Hashable {
    package static let limit = 32

    /// Every worker of the fleet has an entry.
    package private(set) var instances: [String: Int]
    /// In the order in which they are shown.
    package let workers: [String]

    /// - Throws: `ScaleError` that names the part which is wrong.
    package init(_ text: String, workers: [String]) throws(ScaleError) {
        self.workers = workers
        instances = Dictionary(uniqueKeysWithValues: workers.map { ($0, 1) })
        for part in text.split(separator: ",", omittingEmptySubsequences: !text.contains(",")) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(sides[0])
            guard sides.count == 2 else { throw ScaleError("\"\(part)\" is not worker=number") }
            guard instances[name] != nil else {
                throw ScaleError("there is no worker \"\(name)\"; there are \(workers.joined(separator: ", "))")
            }
            guard let count = Int(sides[1]), (1...Self.limit).contains(count) else {
                throw ScaleError("\(name) needs a number from 1 to \(Self.limit), not \"\(sides[1])\"")
            }
            instances[name] = count
        }
    }

    /// `users.1`, `orders.1`, `orders.2`, …
    package var names: [(worker: String, name: String)] {
        workers.flatMap { worker in (1...(instances[worker] ?? 1)).map { (worker, "\(worker).\($0)") } }
    }
}

package struct ScaleError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = "--scale: " + description }
}
