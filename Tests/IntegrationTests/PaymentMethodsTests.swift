import FleetTesting
import Foundation
import JSON
import Testing

/// What every test payment method of Stripe leads to, through the whole fleet.
@Suite("Test payment methods", .serialized)
struct PaymentMethodsTests {
    @Test("each leads to the order, payment, stock and mails that follow from it")
    func table() async throws {
        try await RunningFleet.run { fleet in
            let visitor = try await Visitor.register(at: fleet)
            let methods = try await visitor.stripe("GET", "/sim/payment-methods")["paymentMethods"]?.array ?? []
            #expect(methods.count >= 30)
            var table = PrintedTable(["payment method", "answer", "order", "payment", "stock", "mails"])
            for method in methods.compactMap(\.string) { table.add(try await row(method, visitor)) }
            print(table.text)
        }
    }

    private func row(_ method: String, _ visitor: Visitor) async throws -> [String] {
        let product = try await visitor.product()
        let order = try await visitor.order(product)
        let answer = try await visitor.pay(order, method)
        var said = "\(answer.status) \(answer.body["status"]?.string ?? answer.body["code"]?.string ?? "")"
        let isAsked = answer.body["requiresAction"]?.bool == true
        if isAsked, let intent = answer.body["clientSecret"]?.string?.split(separator: "_secret_").first {
            try await visitor.stripe("POST", "/3ds/\(intent)/complete", "{}")
            said += ", completed"
        }
        if let declineCode = answer.body["declineCode"]?.string { said += " \(declineCode)" }
        var status = ""
        try await visitor.until("the order that was paid with \(method) is decided") {
            status = try await visitor.look("/orders/\(order)")["status"]?.string ?? ""
            return status != "pending"
        }
        let isPaid = status == "confirmed"
        var mails: [String] = []
        // Placed and confirmed, or placed, payment failed and cancelled; and the one that asks for 3-D Secure.
        try await visitor.until("the mails of \(method) are sent") {
            let list = try await visitor.look("/notifications?orderId=\(order)&limit=100")
            let sent = (list["notifications"]?.array ?? []).filter { $0["status"]?.string == "sent" }
            mails = sent.compactMap { $0["template"]?.string }.sorted()
            return sent.count == (isPaid ? 2 : 3) + (isAsked ? 1 : 0)
        }
        var stock = ""
        try await visitor.until("the stock of \(method) is settled") {
            let shown = try await visitor.look("/products/\(product)")
            stock = ["stock", "reserved", "sold"].map { String(shown[$0]?.int64 ?? -1) }.joined(separator: "/")
            return stock == (isPaid ? "9/0/1" : "10/0/0")
        }
        let payments = try await visitor.look("/payments?orderId=\(order)")["payments"]?.array ?? []
        let payment = payments.compactMap { $0["status"]?.string }.joined(separator: " ")
        #expect(payment == (isPaid ? "succeeded" : "failed"), "\(method)")
        return [method, said, status, payment, stock, mails.joined(separator: ", ")]
    }
}
