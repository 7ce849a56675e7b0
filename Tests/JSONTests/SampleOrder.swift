import FoundationEssentials
import JSON

struct SampleOrder: Equatable {
    struct Item: Equatable {
        let productId: UUID
        let quantity: Int64
        let price: Int64
    }

    let userId: UUID
    let items: [Item]
    let city: String

    static let text = """
        {"userId":"01890a5d-ac96-774b-bcce-b302099a8057","items":[
        {"productId":"01890a5d-ac96-774b-bcce-b302099a8058","quantity":2,"price":29.99},
        {"productId":"01890a5d-ac96-774b-bcce-b302099a8059","quantity":1,"price":5},
        {"productId":"01890a5d-ac96-774b-bcce-b302099a805a","quantity":10,"price":0.50}],
        "shippingAddress":{"street":"123 Test St","city":"Test City","state":"TS","zipCode":"12345","country":"US"}}
        """

    static func read(_ value: JSONValue) throws(ValidationError) -> SampleOrder {
        try Fields.read(value) { fields in
            SampleOrder(
                userId: fields.uuid("userId"),
                items: fields.array("items", count: 1...100) {
                    Item(
                        productId: $0.uuid("productId"), quantity: $0.integer("quantity", in: 1...1000),
                        price: $0.amount("price", in: 0...99_999_999_99))
                },
                city: fields.object("shippingAddress") {
                    _ = $0.string("street")
                    let city = $0.string("city")
                    _ = (
                        $0.optionalString("state"), $0.string("zipCode", length: 1...20),
                        $0.string("country", length: 2...2)
                    )
                    return city
                })
        }
    }
}
