import Foundation
import Logging
import Telemetry

/// What the environment of a process says: URLs, names and secrets. Secrets may stand in a file that `<NAME>_FILE` names.
struct Surroundings {
    private let variables: [String: String]

    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
        self.variables = variables
    }

    /// Nil when it is not set or empty.
    func optional(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter example: what the failure shows as expected.
    func required(_ name: String, example: String) throws(CommandFailure) -> String {
        guard let value = optional(name) else {
            throw CommandFailure(.configuration, "\(name) is not set; expected for example \(example)")
        }
        return value
    }

    /// A secret, from the variable or from the file that `<name>_FILE` names; white space around it is dropped.
    func secret(_ name: String) throws(CommandFailure) -> String {
        if let value = optional(name) { return value }
        let path = try required("\(name)_FILE", example: "/run/secrets/name")
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(.configuration, "\(name)_FILE: the file \(path) cannot be read")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// An HTTP URL; nil when it is not set.
    func webURL(_ name: String) throws(CommandFailure) -> String? {
        guard let text = optional(name) else { return nil }
        let parts = URLComponents(string: text)
        guard let scheme = parts?.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts?.host?.isEmpty == false,
            (parts?.port).map({ (1...65_535).contains($0) }) ?? true
        else {
            // The text itself is not shown: it may hold a password.
            throw CommandFailure(.configuration, "\(name) is not a URL such as https://example.com")
        }
        return text
    }

    func integer(_ name: String, default value: Int, in range: ClosedRange<Int>) throws(CommandFailure) -> Int {
        guard let text = optional(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw CommandFailure(
                .configuration,
                "\(name)=\(text): expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func seconds(_ name: String, default value: Int) throws(CommandFailure) -> Duration {
        .seconds(try integer(name, default: value, in: 1...31_536_000))
    }

    /// Makes all loggers of the process write as `LOG_LEVEL` and `LOG_FORMAT` say.
    func startLogging() throws(CommandFailure) {
        var level = Logger.Level.info
        if let text = optional("LOG_LEVEL") {
            guard let wanted = Logger.Level(rawValue: text.lowercased()) else {
                let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(.configuration, "LOG_LEVEL=\(text): expected one of \(known)")
            }
            level = wanted
        }
        var format: LogOutput.Format?
        if let text = optional("LOG_FORMAT") {
            format = LogOutput.Format(rawValue: text)
            guard format != nil else {
                throw CommandFailure(.configuration, "LOG_FORMAT=\(text): expected json or text")
            }
        }
        LogOutput.bootstrap(level: level, format: format)
    }
}
