import Crypto

/// A request to the API, authenticated and parsed.
struct APICall: Sendable {
    var operation: Operation
    var method: String
    var path: String
    var form: Parameters
    /// Only with an operation that has an effect.
    var idempotencyKey: String?
    var requestId: String
    /// Equal for equal method, path and parameters.
    var fingerprint: String

    init(
        operation: Operation, method: String, path: String, pairs: [(key: String, value: String)],
        idempotencyKey: String?, requestId: String
    ) throws(APIFailure) {
        if let key = idempotencyKey, key.isEmpty || key.utf8.count > 255 {
            throw APIFailure(
                message: "Idempotency keys must be between 1 and 255 characters long; this one has \(key.utf8.count).")
        }
        self.operation = operation
        self.method = method
        self.path = path
        self.form = Parameters(values: try FormValue.tree(pairs))
        self.idempotencyKey = operation.hasEffect ? idempotencyKey : nil
        self.requestId = requestId
        fingerprint = Self.fingerprint("\(method) \(path)", pairs)
    }

    private static func fingerprint(_ target: String, _ pairs: [(key: String, value: String)]) -> String {
        var hash = SHA256()
        hash.update(data: Array(target.utf8))
        for pair in pairs.sorted(by: { ($0.key, $0.value) < ($1.key, $1.value) }) {
            hash.update(data: Array("\n\(pair.key.utf8.count) \(pair.key)=\(pair.value)".utf8))
        }
        return hash.finalize().prefix(16).map { String($0, radix: 16) }.joined(separator: ".")
    }
}
