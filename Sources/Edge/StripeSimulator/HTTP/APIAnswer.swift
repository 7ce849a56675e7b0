/// An answer of the API before it becomes HTTP.
struct APIAnswer: Sendable {
    var status: Int
    /// JSON text.
    var body: String
    var headers: [(name: String, value: String)] = []

    init(status: Int = 200, body: String, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    init(status: Int = 200, _ body: JSONValue) {
        self.init(status: status, body: body.text)
    }
}
