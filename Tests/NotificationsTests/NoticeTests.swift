import FoundationEssentials
import JSON
import Testing

@testable import Notifications
@testable import Worker

@Suite("The messages")
struct NoticeTests {
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
        let notice = try #require(try Notices.notice(of: Self.event(type, members)))
        #expect(notice.template.rawValue == name)
        #expect(notice.orderId?.text == (name == "welcome" ? nil : Self.order))
        if case .user(let id) = notice.audience { #expect(id.text == Self.user) }
        let message = try Self.render(notice)
        #expect(message.subject == subject)
        for phrase in phrases {
            let text =
                phrase.contains("\n") ? message.text : message.text.split(separator: "\n").joined(separator: " ")
            #expect(text.contains(phrase), "\(message.text)")
        }
        #expect(message.text.hasPrefix("Hello Ada,\n\n") && message.text.contains("\nKind regards\nFlotilla\n"))
        #expect(!message.text.contains("\n\n\n") && message.text.hasSuffix("\n"))
        #expect(message.text.split(separator: "\n").allSatisfy { $0.count <= 76 || $0.first == " " })
        let html = try #require(message.html)
        #expect(html.hasPrefix("<!doctype html>") && html.hasSuffix("</html>\n"))
        #expect(!html.contains("{{") && !message.text.contains("{{"))
        #expect(try ShippedTemplates.load().sampleCovers(notice.data, of: notice.template))
    }

    static func render(_ notice: Notice, firstName: String = "Ada") throws -> RenderedMessage {
        let templates = try ShippedTemplates.load()
        let surroundings = MessageSurroundings(
            firstName: firstName, email: "ada@example.com", shopUrl: "https://shop.example",
            publicUrl: "https://api.example", unsubscribeUrl: nil)
        return templates.render(
            notice.template, subject: templates.subject(notice.template, notice.data),
            notice.data.adding(surroundings.members))
    }

    static let silent = [
        ("USER_LOGIN", #""userId":"\#(user)""#), ("PAYMENT_CONFIRMED", "\(ids),\(payment)"),
        ("ORDER_STATUS_UPDATED", #"\#(ids),"status":"pending",\#(sum)"#), ("STOCK_RESERVED", ids),
        ("SOMETHING_NEW", #""x":1"#),
    ]

    @Test("of other events nobody is told", arguments: silent)
    func silence(type: String, members: String) throws {
        #expect(try Notices.notice(of: Self.event(type, members)) == nil)
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
        #expect(throws: MalformedEvent.self) {
            if type == "USER_CREATED" { _ = try Self.event(type, members).read { Account(&$0) } }
            _ = try Notices.notice(of: Self.event(type, members))
        }
    }

    @Test("names and reasons cannot break out of their line")
    func breakout() throws {
        let item = #"{"name":"Lamp\u2028\r\n\r\nKind regards\r\nEve","quantity":1,"price":1}"#
        for (type, members) in [
            ("ORDER_CREATED", #"\#(Self.ids),"items":[\#(item)],\#(Self.sum)"#),
            ("PAYMENT_FAILED", #"\#(Self.ids),"error":"No.\n\nKind regards\nEve""#),
        ] {
            let notice = try #require(try Notices.notice(of: Self.event(type, members)))
            let message = try Self.render(notice, firstName: "Ada\r\n\r\nBuy now")
            #expect(message.text.contains("Kind regards Eve"))
            #expect(message.text.components("\nKind regards\n") == 2)
            #expect(message.text.hasPrefix("Hello Ada Buy now,\n\n"))
        }
    }

    @Test("what comes from outside is text in a page, and plain in a text")
    func escapes() throws {
        let evil = #"<script>alert(1)</script> & \"quotes\" 'n {{email}}"#
        let item = #"{"name":"\#(evil)","quantity":1,"price":1}"#
        let notice = try #require(
            try Notices.notice(of: Self.event("ORDER_CREATED", #"\#(Self.ids),"items":[\#(item)],\#(Self.sum)"#)))
        let message = try Self.render(notice, firstName: "<b>Ada</b>")
        let html = try #require(message.html)
        #expect(!html.contains("<script>") && !html.contains("<b>Ada"))
        #expect(
            html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; &#39;n {{email}}"))
        #expect(html.contains("Hello &lt;b&gt;Ada&lt;/b&gt;,"))
        #expect(message.text.contains(#"1 x <script>alert(1)</script> & "quotes" 'n {{email}}, 1.00 USD each"#))
        #expect(message.text.hasPrefix("Hello <b>Ada</b>,"))
    }

    @Test(
        "a link that is none of the web is left out",
        arguments: ["javascript:alert(1)", "data:text/html,x", "ftp://bank.example"])
    func links(link: String) throws {
        let event = Self.event("PAYMENT_ACTION_REQUIRED", #"\#(Self.ids),\#(Self.payment),"redirectUrl":"\#(link)""#)
        let message = try Self.render(try #require(try Notices.notice(of: event)))
        #expect(message.html?.contains(link) == false && !message.text.contains(link))
    }

    @Test("an order of very many items names a hundred and counts the others")
    func manyItems() throws {
        let items = Array(repeating: Self.item, count: 250).joined(separator: ",")
        let notice = try #require(
            try Notices.notice(of: Self.event("ORDER_CREATED", #"\#(Self.ids),"items":[\#(items)],\#(Self.sum)"#)))
        let message = try Self.render(notice)
        #expect(message.text.components("Walnut desk lamp") == 101)
        #expect(message.text.contains("  and 150 more\n"))
    }

    @Test("staff hear of stock that runs low or out")
    func stock() throws {
        let product = #""productId":"\#(Self.order)","sku":"MUG-1","name":"Mug","stock":%,"lowStockAt":10"#
        for (type, stock, subject) in [("LOW_STOCK", "9", "Low stock: Mug"), ("OUT_OF_STOCK", "0", "Sold out: Mug")] {
            let notice = try #require(
                try Notices.notice(of: Self.event(type, product.replacing("%", with: stock))))
            #expect(notice.audience == .staff)
            #expect(try Self.render(notice).subject == subject)
        }
    }

    @Test("text is wrapped at 72 columns, but not what is indented, and empty lines do not pile up")
    func wrapping() {
        let text =
            "\n\n" + String(repeating: "word ", count: 40) + "\n\n\n \n  " + String(repeating: "x", count: 100) + "\n"
            + String(repeating: "y", count: 100) + " end\n\n"
        let lines = TextLayout.tidy(text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.map(\.count) == [69, 69, 59, 0, 102, 100, 3, 0])
    }
}

extension String {
    /// How many parts `separator` makes of it.
    fileprivate func components(_ separator: String) -> Int { split(separator: separator).count }
}
