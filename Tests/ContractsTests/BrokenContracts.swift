import Testing

/// Text after the head, which ends with line 12, and the problems without the file's name.
struct BrokenEnding: Sendable, CustomTestStringConvertible {
    let text: String
    let problems: [String]

    init(_ text: String, _ problems: String...) {
        self.text = text
        self.problems = problems
    }

    var testDescription: String { text }
}

enum BrokenEndings {
    static let stream = """
        stream:
          name: SHOP_EVENTS
          prefix: shop-events
          aggregate: shop
          partitions: 3
          retention: 7d
          events: { SHOP_OPENED: { description: Opened. } }

        """

    static let all: [BrokenEnding] = prefixes + endpoints + routes + templates + queries + schemas + streams + relations

    private static func endpoint(_ more: String, _ problems: String...) -> BrokenEnding {
        var ending = BrokenEnding("  - subject: shop.x\n    description: X.\n    access: anyone\n    \(more)\n")
        ending = BrokenEnding(text: ending.text, problems: problems)
        return ending
    }

    private static let endpoints: [BrokenEnding] = [
        .init("  - 7\n", "13:5: endpoints[1]: expected a mapping that begins with \"subject:\", got \"7\""),
        .init(
            "  - {}\n", "13:5: endpoints[1]: the key \"subject\" is missing; expected a subject such as orders.create",
            "13:5: endpoints[1]: the key \"description\" is missing; expected a text",
            "13:5: endpoints[1]: the key \"access\" is missing; expected one of anyone, customer, staff, internal"),
        .init(
            "  - { subject: store.x, description: X., access: anyone }\n",
            "13:16: endpoints[1].subject: expected a subject that begins with \"shop.\", got \"store.x\""),
        .init(
            "  - { subject: shop.*, description: X., access: anyone }\n",
            "13:16: endpoints[1].subject: expected a subject such as orders.create, got \"shop.*\""),
        .init(
            "  - { subject: shop..x, description: X., access: anyone }\n",
            "13:16: endpoints[1].subject: expected a subject such as orders.create, got \"shop..x\""),
        .init(
            "  - { subject: \"shop.x y\", description: X., access: anyone }\n",
            "13:16: endpoints[1].subject: expected a subject such as orders.create, got \"shop.x y\""),
        .init(
            "  - { subject: shop.x, description: , access: everyone }\n",
            "13:37: endpoints[1].description: expected a text of at most 1000 characters, got nothing",
            "13:47: endpoints[1].access: expected one of anyone, customer, staff, internal, got \"everyone\""),
        endpoint("acess: staff", "16:5: endpoints[1].acess: unknown key; did you mean \"access\"?"),
        endpoint("Status: 201", "16:5: endpoints[1].Status: unknown key; did you mean \"status\"?"),
        endpoint("name: a.b", "16:11: endpoints[1].name: expected a name of letters, digits, _ and -, got \"a.b\""),
        endpoint("status: 404", "16:13: endpoints[1].status: expected an integer from 200 to 299, got \"404\""),
        endpoint("status: [201]", "16:13: endpoints[1].status: expected an integer from 200 to 299, got a list"),
        endpoint("rawBody: yes", "16:14: endpoints[1].rawBody: expected true or false, got \"yes\""),
        endpoint(
            "callerDetails: yes", "16:20: endpoints[1].callerDetails: expected true or false, got \"yes\""),
        endpoint(
            "ignoresBody: true",
            "16:18: endpoints[1].ignoresBody: only an endpoint with a route and without rawBody can do without its body"
        ),
        endpoint(
            "idempotency: always",
            "16:18: endpoints[1].idempotency: expected one of none, accepted, required, got \"always\""),
        endpoint(
            "timeout: 30",
            "16:14: endpoints[1].timeout: expected a duration such as 500ms, 30s, 10m, 12h or 7d, from 10ms to 5m, got \"30\""
        ),
        endpoint(
            "timeout: 0s",
            "16:14: endpoints[1].timeout: expected a duration such as 500ms, 30s, 10m, 12h or 7d, from 10ms to 5m, got \"0s\""
        ),
        endpoint(
            "bodyLimit: 2MiB",
            "16:16: endpoints[1].bodyLimit: expected a size such as 500, 64KiB or 1MiB, from 1 to 983040 bytes, got \"2MiB\""
        ),
        endpoint(
            "rateLimit: { perMinute: 5 }",
            "16:16: endpoints[1].rateLimit: the key \"perHour\" is missing; expected a number of requests"),
        endpoint(
            "rateLimit: 5",
            "16:16: endpoints[1].rateLimit: expected a mapping with perMinute and perHour, or \"none\", got \"5\""),
        endpoint(
            "rateLimit: { perMinute: 5, perHour: 1 }", "16:16: endpoints[1].rateLimit: perHour is less than perMinute"),
        endpoint(
            "forwardedHeaders: Stripe",
            "16:23: endpoints[1].forwardedHeaders: expected a list of HTTP headers, got \"Stripe\""),
        endpoint(
            "forwardedHeaders: [a b]",
            "16:24: endpoints[1].forwardedHeaders[0]: expected the name of an HTTP header, got \"a b\""),
        endpoint(
            "forwardedHeaders: [X, Flotilla-Actor, authorization, Idempotency-Key]",
            "16:27: endpoints[1].forwardedHeaders[1]: the header Flotilla-Actor must not be forwarded",
            "16:43: endpoints[1].forwardedHeaders[2]: the header authorization must not be forwarded",
            "16:58: endpoints[1].forwardedHeaders[3]: the header Idempotency-Key must not be forwarded"),
        endpoint(
            "http: GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
            "16:11: endpoints[1].http: expected a path of at most 16 segments, got 17"),
        endpoint(
            "http: GET /\(String(repeating: "x", count: 500))",
            "16:11: endpoints[1].http: expected a path of at most 500 bytes, got 501"),
        endpoint(
            "forwardedHeaders: [X-A, x-a]", "16:29: endpoints[1].forwardedHeaders[1]: the header x-a is listed twice"),
        endpoint(
            "errors: { validation: 409 it is not valid }",
            "16:27: endpoints[1].errors.validation: validation has the status 400 everywhere, got 409"),
        endpoint(
            "http: GET /x\n    query: [a, a]\n    request: { type: object, properties: { a: { type: string } } }",
            "17:16: endpoints[1].query[1]: a is listed twice"),
        endpoint("status: 206", "16:13: endpoints[1].status: expected a status from 200 to 299, but not 206"),
        endpoint("status: 205", "16:13: endpoints[1].status: expected a status from 200 to 299, but not 205"),
        endpoint(
            "status: 204\n    reply: { type: object, properties: {} }",
            "17:12: endpoints[1].reply: a reply with status 204 has no body; leave it out"),
        endpoint(
            "errors: [409]",
            "16:13: endpoints[1].errors: expected a mapping from problem types to \"STATUS when\", got a list"),
        endpoint(
            "errors: { gone: 200 it is fine }",
            "16:21: endpoints[1].errors.gone: expected a status from 400 to 599 and when it is answered, such as "
                + "\"409 too few are left\", got \"200 it is fine\""),
        endpoint(
            "errors: { gone: 410 }",
            "16:21: endpoints[1].errors.gone: expected a status from 400 to 599 and when it is answered, such as "
                + "\"409 too few are left\", got \"410\""),
        endpoint(
            "errors: { Gone: 410 it is gone }",
            "16:15: endpoints[1].errors.Gone: expected a problem type such as out-of-stock"),
    ]

    private static let routes: [BrokenEnding] =
        [
            "orders", "GET orders", "GET", "get /x", "FETCH /x", "GET /", "GET /x/", "GET //x", "GET /x y", "GET  /x",
            "GET /{id",
            "GET /{}", "GET /{a}/{a}", "GET /x?y", "GET /../x", "GET /{i-d}", "GET /é",
        ].map { endpoint("http: \"\($0)\"", "16:11: endpoints[1].http: expected \"METHOD /path\", got \"\($0)\"") } + [
            endpoint("http: [GET, /x]", "16:11: endpoints[1].http: expected \"METHOD /path\", got a list"),
            BrokenEnding(
                "  - { subject: shop.x, description: X., access: internal, http: GET /x }\n",
                "13:65: endpoints[1].http: an internal endpoint has no route; leave it out"),
            endpoint(
                "http: POST /x/{id}\n    rawBody: true",
                "13:5: endpoints[1]: a raw body cannot take up the parameters of the path or query"),
        ]

    private static let templates: [BrokenEnding] = [
        .init(
            """
              - { subject: shop.a, description: A., access: anyone, http: "GET /x/{a}", request: \(needing("a")) }
              - { subject: shop.b, description: B., access: anyone, http: "DELETE /x/{b}", request: \(needing("b")) }

            """,
            "14:63: endpoints[2].http: the path is that of GET /x/{a} with parameters of other names")
    ]

    private static func needing(_ name: String) -> String {
        "{ type: object, required: [\(name)], properties: { \(name): { type: string } } }"
    }

    private static let queries: [BrokenEnding] = [
        endpoint("query: [a]", "16:12: endpoints[1].query: query parameters need a route under \"http\""),
        endpoint(
            "http: GET /x\n    query: { a: string }",
            "17:12: endpoints[1].query: expected a list of properties of the request, got a mapping"),
        endpoint(
            "http: GET /x\n    query: [a]",
            "17:13: endpoints[1].query[0]: expected one of the request's properties that are not in the path, got \"a\""
        ),
        endpoint(
            "http: GET /{id}",
            "13:5: endpoints[1]: the path has the parameter \"id\", which is no property of the request"),
        endpoint(
            "http: GET /{id}\n    request: { type: object, properties: { id: { type: string } } }",
            "13:5: endpoints[1]: the path parameter \"id\" must be required in the request"),
        endpoint(
            "http: GET /{id}\n    request: { type: object, required: [id], properties: { id: { type: integer } } }",
            "13:5: endpoints[1]: the path parameter \"id\" must be a string"),
        endpoint(
            "http: GET /x\n    request: { type: object, properties: { a: { type: object } } }",
            "13:5: endpoints[1]: \"a\" cannot be a query parameter; expected a string, number, integer or boolean"),
    ]

    private static let schemas: [BrokenEnding] = [
        endpoint("request: { type: array }", "16:14: endpoints[1].request: expected the schema of an object"),
        endpoint(
            "rawBody: true\n    request: { type: object }",
            "17:14: endpoints[1].request: a raw body has no schema; leave it out"),
        .init("schemas: { order: { type: string } }\n", "13:12: schemas.order: expected a name such as OrderItem"),
    ]

    /// Subjects of inboxes, of the broker and of the fleet itself, and what looks like them.
    private static let prefixes: [BrokenEnding] = [
        "_INBOX", "_INBOX_ingress", "_inbox", "-a", "$JS", "$SRV", "$KV", "SRV", "Shop-events", "1a", "ingress",
        "operator", "flotilla",
    ].map {
        changed(
            "prefix: shop-events", "prefix: \($0)",
            "15:11: stream.prefix: expected a lowercase token such as order-events, not flotilla, ingress or operator, got \"\($0)\""
        )
    }

    private static let streams: [BrokenEnding] = [
        .init(
            "stream: SHOP_EVENTS\n", "13:9: stream: expected a mapping that begins with \"name:\", got \"SHOP_EVENTS\""),
        changed(
            "name: SHOP_EVENTS", "name: shop.events",
            "14:9: stream.name: expected a name such as ORDER_EVENTS, got \"shop.events\""),
        changed(
            "prefix: shop-events", "prefix: shop",
            "15:11: stream.prefix: shop is the name of a worker, whose requests the stream would take"),
        changed(
            "prefix: shop-events", "prefix: shop.>",
            "15:11: stream.prefix: expected a lowercase token such as order-events, not flotilla, ingress or operator, got \"shop.>\""
        ),
        changed(
            "aggregate: shop", "aggregate: A Shop",
            "16:14: stream.aggregate: expected a name such as order, got \"A Shop\""),
        changed(
            "partitions: 3", "partitions: 0", "17:15: stream.partitions: expected an integer from 1 to 256, got \"0\""),
        changed(
            "retention: 7d", "retention: forever",
            "18:14: stream.retention: expected a duration such as 500ms, 30s, 10m, 12h or 7d, from 1h to 3650d, got \"forever\""
        ),
        changed(
            "retention: 7d", "duplicateWindow: 2m\n  retention: 7d",
            "18:20: stream.duplicateWindow: expected a duration such as 500ms, 30s, 10m, 12h or 7d, from 10m to 7d, got \"2m\""
        ),
        changed(
            "retention: 7d", "duplicateWindow: 3h\n  retention: 2h",
            "18:20: stream.duplicateWindow: the duplicate window is longer than the retention"),
        changed(
            "retention: 7d", "replicas: 9\n  retention: 7d",
            "18:13: stream.replicas: expected an integer from 1 to 5, got \"9\""),
        changed(
            "events: { SHOP_OPENED: { description: Opened. } }", "events: {}",
            "19:11: stream.events: expected at least one event type"),
        changed(
            "events: { SHOP_OPENED: { description: Opened. } }", "events: [SHOP_OPENED]",
            "19:11: stream.events: expected a mapping from event types to what they mean, got a list"),
        changed(
            "SHOP_OPENED", "shopOpened", "19:13: stream.events.shopOpened: expected an event type such as ORDER_CREATED"
        ),
        changed(
            "{ description: Opened. }", "{ fields: { shopId: } }",
            "19:26: stream.events.SHOP_OPENED: the key \"description\" is missing; expected a text",
            "19:28: stream.events.SHOP_OPENED.fields: unknown key; known are description, payload"),
        changed(
            "  aggregate: shop\n", "",
            "14:3: stream: the key \"aggregate\" is missing; expected what the events are about, such as order"),
    ]

    private static let relations: [BrokenEnding] = [
        .init(
            "consumes: [A]\n",
            "13:11: consumes: expected a mapping from streams to lists of event types, or to \"all\", got a list"),
        .init("consumes: { OTHER_EVENTS: all }\n", "13:27: consumes.OTHER_EVENTS: there is no such stream"),
        .init(
            "consumes: { OTHER_EVENTS: some }\n",
            "13:27: consumes.OTHER_EVENTS: expected a list of event types, or \"all\", got \"some\""),
        .init(
            "consumes: { OTHER_EVENTS: [] }\n",
            "13:27: consumes.OTHER_EVENTS: expected at least one event type, or \"all\""),
        .init(
            "consumes: { other: all }\n", "13:13: consumes.other: expected the name of a stream such as ORDER_EVENTS"),
        .init("calls: shop.x\n", "13:8: calls: expected a list of subjects, got \"shop.x\""),
        .init("calls: [x]\n", "13:9: calls[0]: expected a subject such as inventory.reserve, got \"x\""),
        .init("calls: [a.b, a.b]\n", "13:14: calls[1]: a.b is listed twice"),
        .init("calls:\n  - far.away\n", "14:5: calls[0]: no worker has the endpoint far.away"),
        .init("calls: [shop.open]\n", "13:9: calls[0]: shop.open is an endpoint of this worker itself"),
        .init("\"worker\": other\n", "1:1: the key \"worker\" appears twice"),
    ]

    private static func changed(_ part: String, _ replacement: String, _ problems: String...) -> BrokenEnding {
        BrokenEnding(text: stream.replacing(part, with: replacement), problems: problems)
    }
}

extension BrokenEnding {
    init(text: String, problems: [String]) {
        self.text = text
        self.problems = problems
    }
}

/// A changed line of the head.
struct BrokenHead: Sendable, CustomTestStringConvertible {
    let line: String
    let replacement: String
    let problems: [String]

    init(_ line: String, _ replacement: String, _ problems: String...) {
        self.line = line
        self.replacement = replacement
        self.problems = problems
    }

    var testDescription: String { replacement }
}

enum BrokenHeads {
    static let all: [BrokenHead] =
        [
            .init(
                "worker: shop", "worker: [shop]",
                "1:9: worker: expected a lowercase name such as orders, of at most 32 characters, got a list"),
            .init(
                "worker: shop", "worker: ingress",
                "1:9: worker: expected a name that is not flotilla, ingress or operator, which the fleet keeps for itself, got \"ingress\""
            ),
            .init(
                "worker: shop", "worker: operator",
                "1:9: worker: expected a name that is not flotilla, ingress or operator, which the fleet keeps for itself, got \"operator\""
            ),
            .init(
                "worker: shop", "worker: store", "1:9: worker: expected the name of the file, shop, got \"store\"",
                "10:14: endpoints[0].subject: expected a subject that begins with \"store.\", got \"shop.open\""),
            .init(
                "description: A shop.", "description: ''",
                "3:14: description: expected a text of at most 1000 characters, got \"\""),
            .init(
                "attempts: 1, perTry: 5s", "attempts: 1",
                "7:12: policies.retries: the key \"perTry\" is missing; expected a duration"),
            .init(
                "attempts: 1", "attempts: -1",
                "7:24: policies.retries.attempts: expected an integer from 0 to 10, got \"-1\""),
            .init(
                "perTry: 5s", "perTry: 20s",
                "7:12: policies.retries: one try may take 20s, which is longer than the whole timeout of 10s"),
            .init(
                "openFor: 30s", "openfor: 30s",
                "8:12: policies.breaker: the key \"openFor\" is missing; expected a duration",
                "8:36: policies.breaker.openfor: unknown key; did you mean \"openFor\"?"),
            .init(
                "consecutiveErrors: 3", "consecutiveErrors: three",
                "8:33: policies.breaker.consecutiveErrors: expected an integer from 1 to 1000, got \"three\""),
            .init(
                "  timeout: 10s", "  fault: 1",
                "6:3: policies.fault: unknown key; known are rateLimit, timeout, retries, breaker"),
            .init(
                "policies:\n", "policies: none\nx:\n", "4:11: policies: expected a mapping of policies, got \"none\"",
                "5:1: x: unknown key; known are worker, version, description, policies, schemas, endpoints, stream, consumes, calls"
            ),
        ]
        + ["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0.0", "1.0.x", "1.0.0-é", "-1.0.0"].map
    {
        .init(
            "version: 1.2.3", "version: \($0)",
            "2:10: version: expected a semantic version such as 1.0.0, got \"\($0)\"")
    }
}
