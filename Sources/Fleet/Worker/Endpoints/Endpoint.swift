public import JSON

/// One endpoint of a worker: a subject, how its request is read, and what answers it.
///
/// Typed where it is declared, one closure for each subject afterwards.
public struct Endpoint: Sendable {
    public let subject: String
    let answer: @Reactor @Sendable ([UInt8], Context) async throws -> Reply

    /// An endpoint that takes a JSON object.
    ///
    /// - Parameters:
    ///   - read: makes the request of the fields; what it notes as wrong, and every field it did not ask for, is answered
    ///     with 400 before `handle` is called.
    ///   - handle: answers, or throws a ``ServiceError``. Anything else that it throws is answered with 500 and logged.
    public init<Request>(
        _ subject: String, _ read: @escaping @Sendable (inout Fields) -> Request,
        _ handle: @escaping @Reactor @Sendable (Request, Context) async throws -> Reply
    ) {
        self.subject = subject
        answer = { body, context in
            let request = try Self.decode(body, read)
            return try await handle(request, context)
        }
    }

    /// An endpoint that takes the bytes as they came, for bodies that are signed.
    public static func raw(
        _ subject: String, _ handle: @escaping @Reactor @Sendable ([UInt8], Context) async throws -> Reply
    ) -> Endpoint {
        Endpoint(subject: subject, answer: handle)
    }

    private init(subject: String, answer: @escaping @Reactor @Sendable ([UInt8], Context) async throws -> Reply) {
        self.subject = subject
        self.answer = answer
    }

    private static func decode<Request>(
        _ body: [UInt8], _ read: (inout Fields) -> Request
    ) throws(ServiceError) -> Request {
        do {
            // An empty message is an empty object: `nats req inventory.products.list ''` is a complete request.
            let document = body.isEmpty ? .object(JSONObject()) : try JSONReader.parse(body)
            return try Fields.read(document, read)
        } catch let error as JSONSyntaxError {
            throw .malformedJSON(error)
        } catch let error as ValidationError {
            throw .validation(error)
        } catch {
            throw .internalError
        }
    }
}
