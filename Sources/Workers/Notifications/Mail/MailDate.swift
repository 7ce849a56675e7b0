import Worker

/// The date of a header (RFC 5322, section 3.3), in UTC: `Sat, 31 Jan 2026 12:00:00 +0000`.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ moment: Timestamp) -> String {
        // `2026-01-31T12:00:00.000Z`
        let text = moment.text
        let date = text.prefix(10).split(separator: "-")
        let time = text.dropFirst(11).prefix(8)
        guard date.count == 3, let month = Int(date[1]), months.indices.contains(month - 1) else { return text }
        let daysSince1970 = moment.seconds / 86_400
        // 1 January 1970 was a Thursday.
        let day = days[Int(((daysSince1970 % 7) + 7) % 7)]
        return "\(day), \(date[2]) \(months[month - 1]) \(date[0]) \(time) +0000"
    }
}
