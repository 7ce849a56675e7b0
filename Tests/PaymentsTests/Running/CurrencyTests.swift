import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Currencies")
    struct CurrencyTests {
        private struct Case {
            let currency: String
            /// As callers write it.
            let amount: String
            /// In Stripe's minor unit; nil when it cannot be charged.
            let minorUnits: Int64?
            var status = 0
            /// A part to give back, and the answer's status.
            var refund: (String, Int, Int64)?
        }

        @Test("amounts reach Stripe in its own minor unit, and what it would not charge is refused here")
        func table() async throws {
            let cases = [
                Case(currency: "USD", amount: "59.98", minorUnits: 5998, refund: ("0.01", 0, 1)),
                Case(currency: "EUR", amount: "1", minorUnits: 100, refund: ("0.505", 422, 0)),
                Case(currency: "JPY", amount: "500", minorUnits: 500, refund: ("120", 0, 120)),
                Case(currency: "JPY", amount: "501", minorUnits: 501, refund: ("0.5", 422, 0)),
                Case(currency: "JPY", amount: "500.5", minorUnits: nil, status: 400),
                Case(currency: "KRW", amount: "1000", minorUnits: 1000, refund: ("1000", 0, 1000)),
                Case(currency: "KWD", amount: "5.120", minorUnits: 5120, refund: ("1.230", 0, 1230)),
                Case(currency: "KWD", amount: "5.12", minorUnits: 5120, refund: ("1.235", 422, 0)),
                Case(currency: "KWD", amount: "5.125", minorUnits: nil, status: 422),
                Case(currency: "KWD", amount: "5.1234", minorUnits: nil, status: 400),
                Case(currency: "ISK", amount: "500", minorUnits: 50_000, refund: ("100", 0, 10_000)),
                Case(currency: "ISK", amount: "500.50", minorUnits: nil, status: 422),
                Case(currency: "UGX", amount: "7000.00", minorUnits: 700_000, refund: ("0.5", 422, 0)),
                Case(currency: "MGA", amount: "4000", minorUnits: 4000, refund: ("1", 0, 1)),
                Case(currency: "USD", amount: "0.49", minorUnits: nil, status: 422),
                Case(currency: "USD", amount: "1000000", minorUnits: nil, status: 422),
                Case(currency: "IRR", amount: "1000", minorUnits: nil, status: 422),
            ]
            try await Till.run({ $0.sweepEvery = .milliseconds(50) }) { till in
                for each in cases {
                    let what = Comment(rawValue: "\(each.amount) \(each.currency)")
                    let order = till.order(.init(total: each.amount, currency: each.currency))
                    let answer = try await till.pay(
                        order, amount: each.amount, currency: each.currency.lowercased())
                    #expect(answer.status == each.status, what)
                    #expect(try await till.intent(of: order)?.captured == each.minorUnits, what)
                    guard let payment = answer.body["paymentId"]?.string, let refund = each.refund else { continue }
                    #expect(try await till.refund(payment, refund.0).status == refund.1, what)
                    try await till.fleet.until("it has gone back, \(what)") {
                        try await till.intent(of: order)?.refunded == refund.2
                    }
                }
            }
        }
    }
}
