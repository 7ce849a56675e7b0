extension Ledger {
    /// A page of a list, newest first.
    /// - Parameters:
    ///   - find: nil for an id that has no object any more.
    ///   - created: of an element, so that the walk ends where the range does.
    private func page<Element>(
        _ form: Parameters, in order: CreationOrder, kind: String, find: (String) -> Element?,
        created: (Element) -> Int64, matching: (Element) -> Bool
    ) throws(APIFailure) -> (elements: [Element], hasMore: Bool) {
        let limit = try Self.limit(form)
        let range = try CreatedRange(form)
        let after = try form.text("starting_after")
        if let before = try form.text("ending_before") {
            guard after == nil else {
                throw .invalid("ending_before", "Only one of starting_after and ending_before can be passed.")
            }
            guard let ids = order.newer(than: before) else {
                throw .noSuch(kind, before, param: "ending_before", status: 400)
            }
            let found = ids.lazy.compactMap(find)
                .filter { range.contains(created($0)) && matching($0) }.prefix(limit + 1)
            return (Array(found.prefix(limit)).reversed(), found.count > limit)
        }
        guard let ids = order.newestFirst(after: after) else {
            throw .noSuch(kind, after ?? "", param: "starting_after", status: 400)
        }
        var elements: [Element] = []
        for element in ids.lazy.compactMap(find) {
            if created(element) < range.earliest { break }
            guard range.contains(created(element)), matching(element) else { continue }
            if elements.count == limit { return (elements, true) }
            elements.append(element)
        }
        return (elements, false)
    }

    func listIntents(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow(["limit", "starting_after", "ending_before", "created", "customer", "expand"])
        let customer = try form.text("customer")
        let page = try page(
            form, in: intentOrder, kind: "payment_intent", find: { self.intents[$0] }, created: { $0.created },
            matching: { customer == nil || $0.customer == customer })
        return APIAnswer(
            rendering.list(
                page.elements.map { rendering.intent($0) }, url: "/v1/payment_intents", hasMore: page.hasMore))
    }

    func listCharges(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow(["limit", "starting_after", "ending_before", "created", "payment_intent", "expand"])
        let intent = try form.text("payment_intent")
        let page = try page(
            form, in: chargeOrder, kind: "charge", find: { self.charges[$0] }, created: { $0.created },
            matching: { intent == nil || $0.intent == intent })
        return APIAnswer(
            rendering.list(page.elements.map { rendering.charge($0) }, url: "/v1/charges", hasMore: page.hasMore))
    }

    func listRefunds(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow(["limit", "starting_after", "ending_before", "created", "payment_intent", "charge", "expand"])
        let intent = try form.text("payment_intent")
        let charge = try form.text("charge")
        let page = try page(
            form, in: refundOrder, kind: "refund", find: { self.refunds[$0] }, created: { $0.created },
            matching: { (intent == nil || $0.intent == intent) && (charge == nil || $0.charge == charge) })
        return APIAnswer(
            rendering.list(page.elements.map { rendering.refund($0) }, url: "/v1/refunds", hasMore: page.hasMore))
    }

    func listDisputes(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow(["limit", "starting_after", "ending_before", "created", "payment_intent", "charge", "expand"])
        let intent = try form.text("payment_intent")
        let charge = try form.text("charge")
        let page = try page(
            form, in: disputeOrder, kind: "dispute", find: { self.disputes[$0] }, created: { $0.created },
            matching: { (intent == nil || $0.intent == intent) && (charge == nil || $0.charge == charge) })
        return APIAnswer(
            rendering.list(page.elements.map { rendering.dispute($0) }, url: "/v1/disputes", hasMore: page.hasMore))
    }

    func listEvents(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow([
            "limit", "starting_after", "ending_before", "created", "type", "types", "delivery_success", "expand",
        ])
        let types = Set(try form.list("types") + [form.text("type")].compactMap { $0 })
        let page = try page(
            form, in: eventOrder, kind: "event", find: { self.events[$0] }, created: { $0.created },
            matching: { types.isEmpty || types.contains($0.type) })
        return APIAnswer(
            rendering.list(page.elements.map { rendering.event($0) }, url: "/v1/events", hasMore: page.hasMore))
    }

    func searchIntents(_ form: Parameters, _ rendering: Rendering) throws(APIFailure) -> APIAnswer {
        try form.allow(["query", "limit", "page", "expand"])
        guard let text = try form.text("query") else { throw .missing("query") }
        let query = try SearchQuery(text)
        let limit = try Self.limit(form)
        let candidates =
            query.metadata.map { intents(metadata: $0.key, $0.value) } ?? intentOrder.ids.compactMap { intents[$0] }
        // The token is how many were shown before; what is newer by then shifts a page, as at Stripe.
        let offset = try form.text("page").map { Int($0) ?? -1 } ?? 0
        guard offset >= 0 else { throw .invalid("page", "Invalid page token.") }
        let found = candidates.reversed().lazy.filter(query.matches).dropFirst(offset).prefix(limit + 1)
        let elements = found.map { rendering.intent($0) }
        let hasMore = elements.count > limit
        return APIAnswer([
            "object": "search_result", "data": .array(Array(elements.prefix(limit))), "has_more": .bool(hasMore),
            "next_page": hasMore ? .string(String(offset + limit)) : nil, "url": "/v1/payment_intents/search",
        ])
    }

    private static func limit(_ form: Parameters) throws(APIFailure) -> Int {
        guard let limit = try form.integer("limit") else { return 10 }
        guard (1...100).contains(limit) else {
            throw .invalid(
                "limit", "This value must be between 1 and 100 (it currently is '\(limit)').",
                code: "parameter_invalid_integer")
        }
        return Int(limit)
    }
}

/// `created=…` or `created[gte]=…`, in seconds since 1970.
private struct CreatedRange {
    var earliest = Int64.min
    var latest = Int64.max

    func contains(_ time: Int64) -> Bool { time >= earliest && time <= latest }

    init(_ form: Parameters) throws(APIFailure) {
        guard let value = form.values["created"] else { return }
        guard case .map = value else {
            earliest = try form.integer("created") ?? .min
            latest = try form.integer("created") ?? .max
            return
        }
        guard let bounds = try form.nested("created") else { return }
        try bounds.allow(["gt", "gte", "lt", "lte"])
        if let bound = try bounds.integer("gte") { earliest = max(earliest, bound) }
        if let bound = try bounds.integer("gt") { earliest = max(earliest, bound &+ 1) }
        if let bound = try bounds.integer("lte") { latest = min(latest, bound) }
        if let bound = try bounds.integer("lt") { latest = min(latest, bound &- 1) }
    }
}
