import FoundationEssentials
import JSON
import Testing

@testable import Notifications
@testable import Worker

@Suite("The templates")
struct TemplateTests {
    static let order = "01890a5d-ac96-774b-bcce-b302099a8057"
    static let user = "01890a5d-0000-774b-bcce-b302099a0001"
    private static let ids = #""orderId":"\#(order)","userId":"\#(user)""#
    private static let sum = #""totalAmount":59.98,"currency":"USD""#
    private static let item = #"{"productId":"P-1","name":"Walnut desk lamp","quantity":2,"price":29.99}"#
    private static let payment = #""paymentId":"01890a5d-ac96-774b-bcce-b302099a8058","amount":59.98,"currency":"USD""#

    static func event(_ type: String, _ members: String) -> ReceivedEvent {
        ReceivedEvent(
            id: UUIDv7.next(), type: type, aggregateId: UUIDv7.next(), version: 1, time: .now(),
            body: Array(#"{"eventType":"\#(type)",\#(members),"timestamp":"2026-01-31T12:00:00.000Z"}"#.utf8),
            trace: nil)
    }

    /// Type, members, template, subject, and what the text must say.
    static let told: [(String, String, String, String, [String])] = [
        (
            "USER_CREATED", #""userId":"\#(user)","email":"ada@example.com","firstName":"Ada","lastName":"Lovelace""#,
            "welcome",
            "Welcome to Flotilla", ["thank you for registering", "ada@example.com"]
        ),
        (
            "ORDER_CREATED", #"\#(ids),"items":[\#(item)],\#(sum),"status":"pending","more":{"x":1}"#, "order-placed",
            "We have received your order 099A8057",
            ["  2 x Walnut desk lamp, 29.99 USD each\n", "  Order number: \(order)\n", "  Total: 59.98 USD\n"]
        ),
        (
            "ORDER_CREATED",
            #"\#(ids),"items":[{"name":"Tee","quantity":3,"price":500}],"totalAmount":1500,"currency":"JPY""#,
            "order-placed", "We have received your order 099A8057", ["3 x Tee, 500 JPY each", "Total: 1500 JPY"]
        ),
        (
            "ORDER_STATUS_UPDATED", #"\#(ids),"status":"confirmed",\#(sum)"#, "order-confirmed",
            "Your order 099A8057 is confirmed", ["we have received your payment", "Total: 59.98 USD"]
        ),
        (
            "ORDER_STATUS_UPDATED", #"\#(ids),"status":"shipped",\#(sum)"#, "order-shipped",
            "Your order 099A8057 is on its way",
            [order]
        ),
        (
            "ORDER_STATUS_UPDATED", #"\#(ids),"status":"delivered",\#(sum)"#, "order-delivered",
            "Your order 099A8057 has been delivered", [order]
        ),
        (
            "ORDER_CANCELLED", #"\#(ids),"status":"cancelled","reason":"payment-failed",\#(sum)"#, "order-cancelled",
            "Your order 099A8057 has been cancelled", ["could not be paid"]
        ),
        (
            "ORDER_CANCELLED", #"\#(ids),"status":"cancelled","reason":"payment-overdue",\#(sum)"#, "order-cancelled",
            "Your order 099A8057 has been cancelled", ["no payment in time"]
        ),
        (
            "ORDER_CANCELLED", #"\#(ids),"status":"cancelled","reason":"out-of-stock",\#(sum)"#, "order-cancelled",
            "Your order 099A8057 has been cancelled", ["the last of it was sold", "you get your money back"]
        ),
        (
            "ORDER_CANCELLED", #"\#(ids),"status":"cancelled",\#(sum)"#, "order-cancelled",
            "Your order 099A8057 has been cancelled", ["your order has been cancelled."]
        ),
        (
            "PAYMENT_FAILED", #"\#(ids),\#(payment),"error":"Your card was declined.","code":"card-declined""#,
            "payment-failed",
            "The payment for your order 099A8057 has failed", ["the payment of 59.98 USD", "Your card was declined."]
        ),
        (
            "PAYMENT_FAILED", ids, "payment-failed", "The payment for your order 099A8057 has failed",
            ["the payment for your order"]
        ),
        (
            "PAYMENT_ACTION_REQUIRED", #"\#(ids),\#(payment),"redirectUrl":"https://bank.example/3ds?id=1&x=2""#,
            "payment-action-required", "Please confirm the payment for your order 099A8057",
            ["  https://bank.example/3ds?id=1&x=2\n", "59.98 USD"]
        ),
        (
            "PAYMENT_REFUNDED", #"\#(ids),\#(payment),"refundId":"01890a5d-ac96-774b-bcce-b302099a8059""#,
            "payment-refunded",
            "Your refund for order 099A8057", ["59.98 USD"]
        ),
    ]

    @Test("each event has its words", arguments: told)
    func words(type: String, members: String, name: String, subject: String, phrases: [String]) throws {
        let template = try #require(try Templates.template(for: Self.event(type, members)))
        #expect(Swift.type(of: template).name == name)
        #expect(template.subject == subject)
        #expect(template.userId.text == Self.user)
        #expect(template.orderId?.text == (name == "welcome" ? nil : Self.order))
        var letter = Letter()
        template.write(to: &letter)
        for phrase in phrases {
            let text = phrase.contains("\n") ? letter.text : letter.text.split(separator: "\n").joined(separator: " ")
            #expect(text.contains(phrase), "\(letter.text)")
        }
        #expect(letter.text.hasSuffix("\n") && !letter.text.hasSuffix("\n\n"))
        #expect(letter.text.split(separator: "\n").allSatisfy { $0.count <= 76 })
    }

    static let silent = [
        ("USER_LOGIN", #""userId":"\#(user)""#), ("PAYMENT_CONFIRMED", "\(ids),\(payment)"),
        ("ORDER_STATUS_UPDATED", #"\#(ids),"status":"pending",\#(sum)"#), ("STOCK_RESERVED", ids),
        ("SOMETHING_NEW", #""x":1"#),
    ]

    @Test("of other events nobody is told", arguments: silent)
    func silence(type: String, members: String) throws {
        #expect(try Templates.template(for: Self.event(type, members)) == nil)
    }

    static let malformed = [
        ("USER_CREATED", #""userId":"\#(user)","email":"nobody","firstName":"A","lastName":"L""#),
        ("ORDER_CREATED", #"\#(ids),"items":[],\#(sum)"#),
        ("ORDER_CREATED", #"\#(ids),"items":[{"name":"x","quantity":0,"price":1}],\#(sum)"#),
        ("ORDER_STATUS_UPDATED", #"\#(ids),"status":"shipped","totalAmount":59.987,"currency":"USD""#),
        ("ORDER_CANCELLED", #""orderId":"7",\#(sum)"#),
    ]

    @Test("an event that makes no sense goes to the dead letters", arguments: malformed)
    func refusal(type: String, members: String) {
        #expect(throws: MalformedEvent.self) { try Templates.template(for: Self.event(type, members)) }
    }

    @Test("names and reasons cannot break out of their line")
    func breakout() throws {
        let item = #"{"name":"Lamp\u2028\r\n\r\nKind regards\r\nEve","quantity":1,"price":1}"#
        for (type, members) in [
            ("ORDER_CREATED", #"\#(Self.ids),"items":[\#(item)],\#(Self.sum)"#),
            ("PAYMENT_FAILED", #"\#(Self.ids),"error":"No.\n\nKind regards\nEve""#),
        ] {
            let template = try #require(try Templates.template(for: Self.event(type, members)))
            var letter = Letter()
            template.write(to: &letter)
            #expect(letter.text.contains("Kind regards Eve"))
            #expect(!letter.text.contains("\nKind regards"))
        }
        let text = Letter.complete("all is well.\n", firstName: "Ada\r\n\r\nBuy now")
        #expect(text == "Hello Ada Buy now,\n\nall is well.\n\nKind regards\nFlotilla\n")
    }

    @Test("paragraphs are wrapped at 72 columns and lists are not")
    func wrapping() {
        var letter = Letter()
        letter.paragraph(String(repeating: "word ", count: 40))
        letter.list([String(repeating: "x", count: 100)])
        letter.paragraph(String(repeating: "y", count: 100) + " end")
        let lines = letter.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.map(\.count) == [69, 69, 59, 0, 102, 0, 100, 3, 0])
    }
}
