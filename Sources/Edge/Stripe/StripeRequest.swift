/// One call, before it is written to a connection.
struct StripeRequest: Sendable {
    /// With a leading slash and without the query; ids in it are escaped.
    var path: String
    var form = StripeForm()
    /// Present in a POST, absent in a GET.
    var idempotencyKey: String?

    /// Whether Stripe may have changed something although no answer came.
    var hasEffect: Bool { idempotencyKey != nil }

    static func get(_ path: String, _ form: StripeForm = StripeForm()) -> Self {
        Self(path: path, form: form)
    }

    static func post(_ path: String, _ form: StripeForm, idempotencyKey: String) -> Self {
        Self(path: path, form: form, idempotencyKey: idempotencyKey)
    }

    /// - Throws: ``StripeError/Kind/invalidRequest(param:)`` for a key that Stripe refuses or that would break the
    ///   header.
    func check() throws(StripeError) {
        guard let key = idempotencyKey else { return }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw StripeError(
                kind: .invalidRequest(param: "Idempotency-Key"),
                message: "the idempotency key must have 1 to 255 printable ASCII characters")
        }
    }

    /// One segment of a path. An id is checked here, because an empty one would turn the path into another call's.
    static func segment(_ id: String) throws(StripeError) -> String {
        guard !id.isEmpty, id.utf8.count <= 255, id != ".", id != ".." else {
            throw StripeError(kind: .invalidRequest(param: "id"), message: "an id must have 1 to 255 characters")
        }
        return StripeForm.escaped(id)
    }
}
