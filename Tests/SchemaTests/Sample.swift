import JSON
import Schema

/// Schemas and values from text.
enum Sample {
    static func schema(_ text: String, _ definitions: [String: String] = [:]) throws -> JSONSchema {
        try JSONSchema(JSONReader.parse(text), definitions: definitions.mapValues { try JSONReader.parse($0) })
    }

    /// What a schema finds in a value.
    static func errors(_ schema: String, _ value: String, _ definitions: [String: String] = [:]) throws -> [String] {
        try Self.schema(schema, definitions).validate(JSONReader.parse(value))?.errors.map(\.description) ?? []
    }

    /// What is wrong with a schema.
    static func faults(_ schema: String, _ definitions: [String: String] = [:]) throws -> [String] {
        do {
            _ = try Self.schema(schema, definitions)
            return []
        } catch let error as SchemaFaults {
            return error.faults.map(\.description)
        }
    }

    static let order = """
        {"type":"object","required":["userId","items","shippingAddress"],"properties":{
        "userId":{"type":"string","format":"uuid"},
        "items":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/schemas/Item"}},
        "shippingAddress":{"$ref":"#/schemas/Address"}}}
        """

    static let definitions = [
        "Item": """
        {"type":"object","required":["productId","quantity","price"],"properties":{
        "productId":{"type":"string","format":"uuid"},
        "quantity":{"type":"integer","minimum":1,"maximum":1000},
        "price":{"type":"number","minimum":0,"maximum":99999999.99,"multipleOf":0.01}}}
        """,
        "Address": """
        {"type":"object","required":["street","city","zipCode","country"],"properties":{
        "street":{"type":"string","minLength":1,"maxLength":255},
        "city":{"type":"string","minLength":1,"maxLength":255},
        "state":{"type":"string","minLength":1,"maxLength":255},
        "zipCode":{"type":"string","minLength":1,"maxLength":20},
        "country":{"type":"string","minLength":2,"maxLength":2}}}
        """,
    ]

    static let orderValue = """
        {"userId":"01890a5d-ac96-774b-bcce-b302099a8057","items":[
        {"productId":"01890a5d-ac96-774b-bcce-b302099a8058","quantity":2,"price":29.99},
        {"productId":"01890a5d-ac96-774b-bcce-b302099a8059","quantity":1,"price":5},
        {"productId":"01890a5d-ac96-774b-bcce-b302099a805a","quantity":10,"price":0.50}],
        "shippingAddress":{"street":"123 Test St","city":"Test City","state":"TS","zipCode":"12345","country":"US"}}
        """
}
