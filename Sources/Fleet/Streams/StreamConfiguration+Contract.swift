public import Contracts
public import NATS

extension StreamConfiguration {
    /// The stream as its contract describes it.
    public init(_ stream: EventStream) {
        self.init(name: stream.name, subjects: [stream.wildcard])
        maximumAge = stream.retention
        duplicateWindow = stream.duplicateWindow
    }
}
