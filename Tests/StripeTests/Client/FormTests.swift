import Testing

@testable import Stripe

@Suite("A form for Stripe")
struct FormTests {
    @Test("nested keys keep their brackets and values are percent-encoded")
    func nested() {
        var form = StripeForm()
        form.set("amount", Int64(1999))
        form.set("confirm", true)
        form.set("metadata", ["order_id": "a b&c=d", "b]": "ü"])
        form.set("types", ["x", "y"])
        form.set("absent", nil as String?)
        #expect(
            form.text
                == "amount=1999&confirm=true&metadata[b%5D]=%C3%BC&metadata[order_id]=a%20b%26c%3Dd&types[]=x&types[]=y"
        )
    }

    @Test("no value can end its field", arguments: ["a&confirm=true", "a\r\nHost: x", "a#b", "a+b", "a%00"])
    func injection(_ value: String) {
        var form = StripeForm()
        form.set("description", value)
        #expect(form.text.dropFirst("description=".count).allSatisfy { $0.isLetter || $0.isNumber || $0 == "%" })
    }

    @Test("an id that would change the path is refused or escaped")
    func segments() throws {
        #expect(try StripeRequest.segment("pi_1") == "pi_1")
        #expect(try StripeRequest.segment("a/../b?c") == "a%2F..%2Fb%3Fc")
        #expect(throws: StripeError.self) { try StripeRequest.segment("") }
        #expect(throws: StripeError.self) { try StripeRequest.segment("..") }
    }

    @Test("an idempotency key that would break its header is refused", arguments: ["", "a\r\nb", "a b", "ü"])
    func keys(_ key: String) {
        #expect(throws: StripeError.self) { try StripeRequest.post("/x", StripeForm(), idempotencyKey: key).check() }
    }
}
