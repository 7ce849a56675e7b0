import JSON
import Logging

/// The two forms of a log entry.
enum LogLine {
    static func json(
        time: Timestamp, level: Logger.Level, label: String, message: String, fields: Logger.Metadata
    ) -> [UInt8] {
        JSONWriter.object { line in
            line.field("time", time)
            line.field("level", level.rawValue)
            line.field("label", label)
            line.field("message", message)
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) { line.field(name, "\(value)") }
        }
    }

    static func text(
        time: Timestamp, level: Logger.Level, label: String, message: String, fields: Logger.Metadata
    ) -> [UInt8] {
        var line = "\(time.text) \(level.rawValue.uppercased()) \(label): \(message)"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { line += " \(name)=\(value)" }
        return Array(line.replacing("\n", with: "\\n").utf8)
    }
}
