/// Where the parts of a running fleet are.
struct FleetPlaces: Sendable {
    /// Without user and password.
    let natsURL: String
    /// As the operator, who sees all.
    let natsOperatorURL: String
    let postgresPort: Int
    let httpPort: Int
    let stripePort: Int

    var http: String { "http://127.0.0.1:\(httpPort)" }
    var stripe: String { "http://127.0.0.1:\(stripePort)" }
    var webhook: String { "\(http)/api/v1/webhooks/stripe" }

    func postgres(role: String, password: String) -> String {
        "postgres://\(role):\(password)@127.0.0.1:\(postgresPort)/\(Fleet.database)"
    }
}
