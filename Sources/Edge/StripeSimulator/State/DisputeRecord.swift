/// A customer's bank takes a charge back.
struct DisputeRecord: Sendable, Codable {
    enum Status: String, Sendable, Codable {
        case needsResponse = "needs_response"
        case won
        case lost
    }

    var id: String
    var charge: String
    var intent: String
    var amount: Int64
    var currency: String
    /// Seconds since 1970.
    var created: Int64
    var reason = "fraudulent"
    var status = Status.needsResponse
}
