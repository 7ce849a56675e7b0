import FoundationEssentials

/// The `Date` header line (RFC 9110, section 5.6.7), made once a second.
struct HTTPDate {
    private var second: Int64 = -1
    private var line: [UInt8] = []

    mutating func headerLine(at time: Date = Date()) -> [UInt8] {
        let now = Int64(time.timeIntervalSince1970)
        if now != second {
            second = now
            line = Array("Date: \(Self.text(second: now))\r\n".utf8)
        }
        return line
    }

    static func text(second: Int64) -> String {
        let (day, rest) = (second / 86_400, second % 86_400)
        // Days to a civil date in eras of 400 years that begin in March: http://howardhinnant.github.io/date_algorithms.html
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return
            "\(weekdays[Int((day + 4) % 7)]), \(twoDigits(dayOfMonth)) \(months[Int(month) - 1]) \(year) \(clock) GMT"
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
