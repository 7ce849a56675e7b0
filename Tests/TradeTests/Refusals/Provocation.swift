/// A request that has to be refused.
struct Provocation: Sendable {
    let subject: String
    /// The last part of the problem's type.
    let problem: String
    /// `customer:<id>` or `staff:<id>`; nil is a worker.
    var actor: String?
    var key: String?
    let body: String
    /// Of a webhook.
    var signature: String?
    /// What Stripe is told to do wrong first, as `POST /sim/faults` takes it.
    var fault: String?
    /// The tables that are meant to tell of the refusal. Everything else has to stay as it was.
    var records: Set<String> = []

    init(_ subject: String, _ problem: String, _ body: String, by actor: String? = nil, key: String? = nil) {
        self.subject = subject
        self.problem = problem
        self.body = body
        self.actor = actor
        self.key = key
    }
}
