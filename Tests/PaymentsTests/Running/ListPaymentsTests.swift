import FleetTesting
import Foundation
import JSON
import Testing

extension Running {
    @Suite("Listing payments")
    struct ListPaymentsTests {
        @Test("pages are walked to the end, the latest first, and hold what payments.get answers")
        func pages() async throws {
            try await Till.run { till in
                var made: [String] = []
                for _ in 0..<5 { made.append(try #require(try await till.pay(till.order()).body["paymentId"]?.string)) }
                var seen: [String] = []
                var after: String?
                repeat {
                    let page = try await list(till, #""limit": 2\#(after.map { #", "after": "\#($0)""# } ?? "")"#)
                    let payments = try #require(page["payments"]?.array)
                    seen += payments.compactMap { $0["id"]?.string }
                    let one = try await till.fleet.call(
                        "payments.get", #"{"id": "\#(payments[0]["id"]?.string ?? "")"}"#)
                    #expect(one.body == payments[0])
                    after = page["next"]?.string
                } while after != nil
                #expect(seen == made.reversed())
            }
        }

        @Test("customers see their own; staff see all, by customer, order and status")
        func filters() async throws {
            try await Till.run { till in
                let order = till.order()
                let paid = try await till.pay(order).body["paymentId"]
                let declined = try await till.pay(till.order(), "pm_card_chargeDeclined").body["paymentId"]
                func ids(_ filter: String, _ actor: String) async throws -> [JSONValue?] {
                    try await list(till, filter, actor: actor)["payments"]?.array?.map { $0["id"] } ?? []
                }
                let (owner, stranger) = ("customer:\(Till.customer)", "customer:\(Till.stranger)")
                let staff = "staff:\(Till.stranger)"
                #expect(try await ids("", owner) == [declined, paid])
                #expect(try await ids("", stranger) == [])
                #expect(try await ids(#""orderId": "\#(order)""#, stranger) == [])
                #expect(try await ids(#""orderId": "\#(order)""#, staff) == [paid])
                #expect(try await ids(#""status": "failed""#, owner) == [declined])
                #expect(try await ids(#""status": "succeeded""#, staff) == [paid])
                #expect(try await ids(#""userId": "\#(Till.customer)""#, staff) == [declined, paid])
                #expect(try await ids(#""userId": "\#(Till.stranger)""#, staff) == [])
                let refused = try await till.fleet.call(
                    "payments.list", #"{"userId": "\#(Till.customer)"}"#, actor: stranger)
                #expect(refused.status == 403)
            }
        }

        private func list(
            _ till: Till, _ members: String, actor: String = "customer:\(Till.customer)"
        ) async throws -> JSONValue {
            try await till.fleet.call("payments.list", "{\(members)}", actor: actor).body
        }
    }
}
