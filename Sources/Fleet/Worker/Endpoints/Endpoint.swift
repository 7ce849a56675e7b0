public import JSON

/// One endpoint of a worker: a subject, how its request is read, and what answers it.
///
/// Typed where it is declared, one closure for each subject afterwards.
public struct Endpoint: Sendable {
    enum Handler: Sendable {
        /// Takes a JSON object that the contract's schema has accepted.
        case json(@Reactor @Sendable (JSONValue, Context) async throws -> Reply)
        /// Takes the bytes as they came.
        case raw(@Reactor @Sendable ([UInt8], Context) async throws -> Reply)
    }

    public let subject: String
    let handler: Handler

    /// An endpoint that takes a JSON object.
    ///
    /// - Parameters:
    ///   - read: makes the request of the fields, which fit the contract's schema by then; what it notes as wrong beyond
    ///     that, and every field it did not ask for, is answered with 400 before `handle` is called.
    ///   - handle: answers, or throws a ``ServiceError``. Anything else that it throws is answered with 500 and logged.
    public init<Request>(
        _ subject: String, _ read: @escaping @Sendable (inout Fields) -> Request,
        _ handle: @escaping @Reactor @Sendable (Request, Context) async throws -> Reply
    ) {
        self.subject = subject
        handler = .json { document, context in
            try await handle(try Self.request(from: document, read), context)
        }
    }

    /// An endpoint that takes the bytes as they came, for bodies that are signed.
    public static func raw(
        _ subject: String, _ handle: @escaping @Reactor @Sendable ([UInt8], Context) async throws -> Reply
    ) -> Endpoint {
        Endpoint(subject: subject, handler: .raw(handle))
    }

    private static func request<Request>(
        from document: JSONValue, _ read: (inout Fields) -> Request
    ) throws(ServiceError) -> Request {
        do { return try Fields.read(document, read) } catch { throw .validation(error) }
    }

    private init(subject: String, handler: Handler) {
        self.subject = subject
        self.handler = handler
    }
}
