import Testing

@testable import StripeSimulator

@Suite("A search query")
struct SearchQueryTests {
    private let intent: IntentRecord = {
        var machine = PaymentIntentStateMachine(capturesManually: false)
        try? machine.apply(.confirm(.success))
        return IntentRecord(
            id: "pi_1", amount: 1999, currency: "eur", machine: machine, clientSecret: "", created: 100,
            metadata: ["order_id": "o'1", "k": "v"], paymentMethodTypes: [])
    }()

    @Test(
        "finds an intent by its clauses",
        arguments: [
            #"metadata['order_id']:'o\'1'"#, #"metadata["order_id"]:"o'1""#, "metadata['k']:'v' AND status:'succeeded'",
            "amount>1000 AND created<=100  AND currency:'eur'", "amount:1999",
        ])
    func found(_ text: String) throws {
        #expect(try SearchQuery(text).matches(intent))
    }

    @Test(
        "passes an intent over when one clause fails",
        arguments: ["metadata['k']:'w'", "amount>1999", "status:'canceled'"])
    func passedOver(_ text: String) throws {
        #expect(try !SearchQuery("currency:'eur' AND \(text)").matches(intent))
    }

    @Test(
        "that is malformed is refused",
        arguments: [
            "", "metadata", "metadata['k']", "metadata['k']:v", "metadata['k']:'v", "metadata[k]:'v'", "x:'1'",
            "amount>'1'", "amount>", "status>'a'", "metadata['k']:'v' OR status:'x'", "metadata['k']:'v' AND ",
        ])
    func malformed(_ text: String) {
        #expect(throws: APIFailure.self) { try SearchQuery(text) }
    }
}
