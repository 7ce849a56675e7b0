import JSON
import Testing

@Suite("moments")
struct TimestampTests {
    @Test(
        "a moment is written in UTC with milliseconds and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_700_000_000_123_000, "2023-11-14T22:13:20.123Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (-1_000, "1969-12-31T23:59:59.999Z"),
            (4_107_542_399_999_000, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func roundTrip(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp(microseconds: microseconds).text == text)
        #expect(Timestamp(text: text)?.microseconds == microseconds)
    }

    @Test("every day of eight centuries is read back as written")
    func everyDay() {
        for day in Int64(-146_097)...146_097 {
            let moment = Timestamp(seconds: day * 86_400)
            if Timestamp(text: moment.text) != moment { Issue.record("\(moment)") }
        }
    }

    @Test(
        "offsets and fractions are understood",
        arguments: [
            ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"),
            ("2026-01-31t12:00:00.5z", "2026-01-31T12:00:00.500Z"),
            ("2026-01-31T12:00:00-00:00", "2026-01-31T12:00:00.000Z"),
            ("2026-01-31T12:00:00.123456789-05:30", "2026-01-31T17:30:00.123Z"),
        ])
    func offsets(_ text: String, _ expected: String) {
        #expect(Timestamp(text: text)?.text == expected)
    }

    @Test(
        "what is no RFC 3339 date-time is refused",
        arguments: [
            "", "2026-01-31", "2026-01-31T12:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:60Z",
            "2026-1-31T23:59:00Z",
            "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:00+0200",
            "2026-01-31T12:00:00Zx",
            "2026-01-31 12:00:00Z", "+026-01-31T12:00:00Z", "2026-01-31T12:00:00+24:00", "1900-02-29T00:00:00Z",
        ])
    func bad(_ text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test("moments can be moved and compared")
    func arithmetic() {
        let moment = Timestamp(seconds: 100)
        #expect(moment + .milliseconds(1500) == Timestamp(milliseconds: 101_500))
        #expect(moment - .seconds(101) == Timestamp(seconds: -1))
        #expect(Timestamp(seconds: -1) < moment)
        #expect(moment - Timestamp(seconds: 40) == .seconds(60))
        #expect(Timestamp(microseconds: -1).milliseconds == -1)
    }
}
