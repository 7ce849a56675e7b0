import Schema

extension ContractFile {
    /// The largest body that fits a NATS message beside its headers; the server's `max_payload` is 1 MiB.
    private static let largestBody = 960 << 10

    func readEndpoint(_ entry: Entry, worker: String?, policies: Policies) -> EndpointContract? {
        guard var keys = Keys(entry, "a mapping that begins with \"subject:\"") else { return nil }
        let subject = keys.required("subject", "a subject such as orders.create").flatMap {
            readSubject($0, worker: worker)
        }
        let name = keys.optional("name").flatMap {
            $0.string("a name of letters, digits, _ and -", where: Grammar.isToken)
        }
        let description = keys.required("description", "a text")?.prose()
        let httpEntry = keys.optional("http")
        var http = httpEntry?.read("\"METHOD /path\"") { HTTPRoute($0) }
        let queryEntry = keys.optional("query")
        let requestEntry = keys.optional("request")
        let request = requestEntry.map { readSchema($0) } ?? Self.emptyRequest
        let replyEntry = keys.optional("reply")
        let reply = replyEntry.flatMap { readSchema($0) }
        let access = keys.required("access", "one of anyone, customer, staff, internal")?.choice(Access.self)
        let status = keys.optional("status").map(readStatus) ?? 200
        let idempotency = keys.optional("idempotency").map { $0.choice(Idempotency.self) } ?? Idempotency.none
        let repeatable = keys.optional("repeatable").flatMap { $0.bool() }
        let timeout = keys.optional("timeout").map(readTimeout) ?? policies.timeout
        let bodyLimit =
            keys.optional("bodyLimit").map { $0.bytes(1...Self.largestBody) } ?? EndpointContract.defaultBodyLimit
        let rawBody = keys.optional("rawBody").map { $0.bool() } ?? false
        let ignoresBodyEntry = keys.optional("ignoresBody")
        let ignoresBody = ignoresBodyEntry.map { $0.bool() } ?? false
        let headers = keys.optional("forwardedHeaders").map(readHeaders) ?? []
        let details = keys.optional("callerDetails").map { $0.bool() } ?? false
        let limit = keys.optional("rateLimit").map(readRateLimit) ?? policies.rateLimit
        let errors = keys.optional("errors").map(readErrors) ?? []
        keys.finish()

        if let http, http.segments.count > HTTPRoute.maxSegments {
            httpEntry?.fail("expected a path of at most \(HTTPRoute.maxSegments) segments, got \(http.segments.count)")
        } else if let http, http.path.utf8.count > HTTPRoute.maxBytes {
            httpEntry?.fail("expected a path of at most \(HTTPRoute.maxBytes) bytes, got \(http.path.utf8.count)")
        }
        if status == 204, let replyEntry { replyEntry.fail("a reply with status 204 has no body; leave it out") }
        if access == .internal, let httpEntry { httpEntry.fail("an internal endpoint has no route; leave it out") }
        if httpEntry == nil, let queryEntry { queryEntry.fail("query parameters need a route under \"http\"") }
        if rawBody == true, queryEntry != nil || http?.parameters.isEmpty == false {
            entry.fail("a raw body cannot take up the parameters of the path or query")
        }
        if rawBody == true, let requestEntry { requestEntry.fail("a raw body has no schema; leave it out") }
        if ignoresBody == true, rawBody == true || http == nil {
            ignoresBodyEntry?.fail("only an endpoint with a route and without rawBody can do without its body")
        }
        if let request, request.kind != .object { requestEntry?.fail("expected the schema of an object") }
        if rawBody == false, let route = http, requestEntry == nil || request != nil {
            let query = readQuery(queryEntry, route, request, at: entry)
            http = HTTPRoute(method: route.method, segments: route.segments, query: query)
        }
        guard let worker, let subject, let description, let access, let status, let idempotency, let timeout,
            let bodyLimit,
            let rawBody, let ignoresBody, let details, httpEntry == nil || http != nil
        else { return nil }
        return EndpointContract(
            worker: worker, name: name, subject: subject, description: description, http: http, access: access,
            idempotency: idempotency, isRepeatable: repeatable, timeout: timeout, bodyLimit: bodyLimit,
            successStatus: status, rawBody: rawBody, ignoresBody: ignoresBody, request: rawBody ? nil : request,
            reply: reply, forwardedHeaders: headers, callerDetails: details, rateLimit: limit, errors: errors)
    }

    private func readSubject(_ entry: Entry, worker: String?) -> String? {
        guard let subject = entry.string("a subject such as orders.create", where: Grammar.isSubject) else {
            return nil
        }
        if let worker, !subject.hasPrefix(worker + ".") { entry.refuse("a subject that begins with \"\(worker).\"") }
        return subject
    }

    private func readStatus(_ entry: Entry) -> Int? {
        guard let status = entry.integer(200...299) else { return nil }
        // RFC 9110, sections 15.3.6 and 15.3.7: they mean a form to be cleared and a part of something.
        guard status != 205, status != 206 else {
            entry.fail("expected a status from 200 to 299, but not \(status)")
            return nil
        }
        return status
    }

    private func readHeaders(_ entry: Entry) -> [String] {
        var known: Set<String> = []
        return (entry.list("a list of HTTP headers") ?? []).compactMap { entry in
            guard let name = entry.string("the name of an HTTP header", where: Grammar.isHeaderName) else { return nil }
            if ForwardedHeader.isReserved(name) { entry.fail("the header \(name) must not be forwarded") }
            if !known.insert(name.lowercased()).inserted { entry.fail("the header \(name) is listed twice") }
            return name
        }
    }

    private func readErrors(_ entry: Entry) -> [ProblemContract] {
        let pairs = entry.pairs("a mapping from problem types to \"STATUS when\"") ?? []
        return pairs.compactMap { (type, mark, value) -> ProblemContract? in
            guard Grammar.isSlug(type) else {
                fail(value.path, mark, "expected a problem type such as out-of-stock")
                return nil
            }
            let problem = value.read(
                "a status from 400 to 599 and when it is answered, such as \"409 too few are left\""
            ) {
                (text) -> ProblemContract? in
                let parts = text.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, let status = Int(parts[0]), 400...599 ~= status else { return nil }
                return ProblemContract(status: status, type: type, when: String(parts[1]))
            }
            if let problem, let status = ProblemContract.commonStatus(of: type), status != problem.status {
                value.fail("\(type) has the status \(status) everywhere, got \(problem.status)")
            }
            return problem
        }
    }
}
