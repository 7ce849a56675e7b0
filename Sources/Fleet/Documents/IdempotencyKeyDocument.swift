import JSON

/// The header `Idempotency-Key` (IETF draft httpapi-idempotency-key-header) as the documents describe it.
enum IdempotencyKeyDocument {
    static let header = "Idempotency-Key"

    static let description =
        "Makes a repeated request have one effect: the same key with the same request gets the first answer again. "
        + "1 to 255 printable ASCII characters, with no space at either end; over HTTP a key with spaces or quotes is a "
        + "quoted string."

    static let example: JSONValue = "0190f3a1-2b44-7d1e-9c55-6f0a8e3b7d21"

    /// Over HTTP it is bare, or a string of RFC 8941: 255 characters that are all escaped take 512 with the quotes.
    static let httpSchema: JSONValue = [
        "type": "string", "minLength": 1, "maxLength": 512,
        "pattern": #"^([!#-~]{1,255}|"([!#-\[\]-~]|\\["\\])(([ !#-\[\]-~]|\\["\\]){0,253}([!#-\[\]-~]|\\["\\]))?")$"#,
    ]

    /// In a message it is bare.
    static let messageSchema: JSONValue = [
        "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$",
        "description": .string(description),
    ]
}
