import CPostgres
import Logging
import Synchronization

/// Receives the server's notices and logs them at debug, instead of libpq's standard error.
final class NoticeSink: Sendable {
    let logger: Logger
    /// The reason the server gave before it closed an idle connection: libpq reports it as a notice.
    private let fatal = Mutex<String?>(nil)

    var farewell: String? { fatal.withLock { $0 } }

    init(logger: Logger) {
        self.logger = logger
    }

    /// Attaches the sink; the caller keeps it alive as long as the connection.
    ///
    /// A nonisolated function: a closure made in `@Reactor` code would carry that isolation into C.
    nonisolated func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                let sink = Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue()
                sink.receive(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func receive(_ result: OpaquePointer) {
        let text = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? ""
        let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))).map { String(cString: $0) } ?? "NOTICE"
        if severity == "FATAL" { fatal.withLock { $0 = text } }
        logger.debug("postgres notice", metadata: ["severity": "\(severity)", "message": "\(text)"])
    }
}
