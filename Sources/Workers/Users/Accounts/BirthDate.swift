import Worker

/// A day from 1900 to today (UTC): `2000-01-31`.
struct BirthDate: FieldRule {
    var today = Timestamp.now()

    var placeholder: String { "" }
    var expectation: String { "a day from 1900 to today such as 2000-01-31" }

    func read(_ value: JSONValue) -> FieldReading<String> {
        // As a moment, it is checked for being a day of the calendar.
        guard case .string(let text) = value, text.utf8.count == 10, let moment = Timestamp(text: text + "T00:00:00Z"),
            text >= "1900-01-01", moment <= today
        else { return .refused }
        return .accepted(text)
    }
}
