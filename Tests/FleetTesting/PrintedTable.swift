/// A table that a test prints for people: columns of text, as wide as their widest cell.
package struct PrintedTable {
    private var rows: [[String]]

    package init(_ header: [String]) {
        rows = [header]
    }

    /// - Parameter row: as many cells as the header has; missing ones are empty.
    package mutating func add(_ row: [String]) {
        rows.append(row)
    }

    package var text: String {
        let widths = rows[0].indices.map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
