import JSON

/// The brokers of the AsyncAPI document.
enum BrokerDocument {
    /// By name: `broker`, then `broker2`, …
    static func servers(_ urls: [String]) -> JSONValue {
        .object(
            JSONObject(
                urls.enumerated().map { index, url in
                    .init(name: index == 0 ? "broker" : "broker\(index + 1)", value: server(url))
                }))
    }

    private static func server(_ url: String) -> JSONValue {
        guard let mark = url.firstRange(of: "://") else { return ["host": .string(url), "protocol": "nats"] }
        return ["host": .string(String(url[mark.upperBound...])), "protocol": .string(String(url[..<mark.lowerBound]))]
    }
}
