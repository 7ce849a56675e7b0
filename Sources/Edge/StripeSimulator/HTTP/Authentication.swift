import FoundationEssentials

/// The API key, as a bearer token or as the user of HTTP Basic.
struct Authentication: Sendable {
    let apiKey: String

    func check(_ header: String?) throws(APIFailure) {
        guard let header, let given = Self.key(in: header), !given.isEmpty else {
            throw APIFailure(
                status: 401,
                message:
                    "You did not provide an API key. You need to provide your API key in the Authorization header, "
                    + "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
                    + "https://stripe.com/docs/api#authentication for details.")
        }
        guard given == apiKey else {
            throw APIFailure(status: 401, message: "Invalid API Key provided: \(Self.masked(given))")
        }
    }

    private static func key(in header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let data = Data(base64Encoded: String(parts[1])),
                let pair = String(validating: data, as: UTF8.self)
            else { return nil }
            return String(pair.prefix { $0 != ":" })
        default: return nil
        }
    }

    private static func masked(_ key: String) -> String {
        key.count > 12 ? "\(key.prefix(8))****\(key.suffix(4))" : "****"
    }
}
