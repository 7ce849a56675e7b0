public import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// Where the processes of the fleet write their logs: standard error, a line an entry, JSON or text.
public enum LogOutput {
    public enum Format: String, CaseIterable, Sendable {
        /// One JSON object a line, for collectors.
        case json
        /// For people at a terminal.
        case text
    }

    /// Makes every `Logger` of the process write in `format`, from `level` up. Call once, before the first logger is made.
    ///
    /// - Parameter format: nil chooses text when standard error is a terminal, JSON otherwise.
    public static func bootstrap(level: Logger.Level, format: Format? = nil) {
        let chosen = format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: level, format: chosen) }
    }
}
