import Worker

/// Where somebody lives.
struct PostalAddress: JSONWritable, Equatable, Sendable {
    let street: String
    let city: String
    let state: String?
    let zipCode: String
    let country: String

    init(_ fields: inout Fields) {
        street = fields.string("street", length: 1...200)
        city = fields.string("city", length: 1...100)
        state = fields.optionalString("state", length: 1...100)
        zipCode = fields.string("zipCode", length: 1...20)
        country = fields.string("country", length: 2...100)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("street", street)
            json.field("city", city)
            json.fieldIfPresent("state", state)
            json.field("zipCode", zipCode)
            json.field("country", country)
        }
    }

    var json: [UInt8] {
        var writer = JSONWriter(capacity: 160)
        write(to: &writer)
        return writer.bytes
    }
}
