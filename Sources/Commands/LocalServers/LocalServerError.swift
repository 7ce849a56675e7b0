/// Why a private server could not be started, reached or stopped: one line that says what to do about it.
public struct LocalServerError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// A program is not installed.
        case missingProgram
        /// A wanted port belongs to someone else.
        case portTaken
        /// The directory is used by another process or cannot be used.
        case directory
        /// A process could not be started or did not do its work.
        case process
        /// A deadline passed.
        case timeout
        /// The task that waited was cancelled.
        case cancelled
    }

    public let code: Code
    public let message: String
    /// The last lines that the server logged, oldest first.
    public let logTail: [String]

    public var description: String { message }

    package init(_ code: Code, _ message: String, logTail: [String] = []) {
        self.code = code
        self.message = message
        self.logTail = logTail
    }
}
