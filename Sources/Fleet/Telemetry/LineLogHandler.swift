import JSON
import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// Writes one line per entry with a single `write`, so that lines of several threads and processes never mix.
struct LineLogHandler: LogHandler {
    let label: String
    let format: LogOutput.Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, level: Logger.Level, format: LogOutput.Format) {
        self.label = label
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let added = event.metadata { fields.merge(added) { _, new in new } }
        var line =
            format == .json
            ? LogLine.json(time: .now(), level: event.level, label: label, message: "\(event.message)", fields: fields)
            : LogLine.text(time: .now(), level: event.level, label: label, message: "\(event.message)", fields: fields)
        line.append(UInt8(ascii: "\n"))
        line.withUnsafeBytes { bytes in
            // A log that cannot be written must not stop the work it tells of.
            _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
