/// Why a worker cannot start. One line that says what to do.
public struct WorkerError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
