import Contracts
import Schema

extension ContractComparison {
    mutating func compareEndpoints() {
        var matched: Set<String> = []
        for before in old.endpoints {
            let subject = ContractChange.Subject.endpoint(before.subject)
            if let after = new.endpoints.first(where: { $0.subject == before.subject }) {
                matched.insert(after.subject)
                compare(before, after)
            } else if let after = renamed(before) {
                matched.insert(after.subject)
                note(subject, "has another subject: \(after.subject)", breaks: true)
                compare(before, after)
            } else {
                note(subject, "is gone", breaks: true)
            }
        }
        for after in new.endpoints where !matched.contains(after.subject) {
            note(.endpoint(after.subject), "is new")
        }
    }

    /// The endpoint of a new subject that has the old one's route.
    private func renamed(_ before: EndpointContract) -> EndpointContract? {
        guard let route = before.http else { return nil }
        return new.endpoints.first { after in
            after.http?.description == route.description && !old.endpoints.contains { $0.subject == after.subject }
        }
    }

    private mutating func compare(_ before: EndpointContract, _ after: EndpointContract) {
        let subject = ContractChange.Subject.endpoint(after.subject)
        compareRoutes(before, after, subject)
        compareCallers(before, after, subject)
        compareLimits(before, after, subject)
        if before.successStatus != after.successStatus {
            note(subject, "answers \(after.successStatus), was \(before.successStatus)", breaks: true)
        }
        if before.rawBody != after.rawBody {
            note(subject, after.rawBody ? "takes bytes in place of JSON" : "takes JSON in place of bytes", breaks: true)
        }
        if before.ignoresBody != after.ignoresBody {
            note(
                subject, after.ignoresBody ? "no longer looks at bodies" : "looks at bodies",
                breaks: !after.ignoresBody)
        }
        let schemas = SchemaComparison(old: old, new: new)
        note(subject, .request, schemas.changes(before.request, after.request))
        note(subject, .reply, schemas.changes(before.reply, after.reply))
        compareErrors(before, after, subject)
        if before.name != after.name { note(subject, "is called \(after.name), was \(before.name)") }
        if before.description != after.description { note(subject, "another description") }
    }

    // MARK: - HTTP

    private mutating func compareRoutes(
        _ before: EndpointContract, _ after: EndpointContract, _ subject: ContractChange.Subject
    ) {
        switch (before.http, after.http) {
        case (nil, nil): return
        case (nil, let route?): note(subject, "is offered as \(route)")
        case (let route?, nil): note(subject, "is no longer offered as \(route)", breaks: true)
        case (let old?, let new?):
            if old.method != new.method || old.shape != new.shape {
                note(subject, "is \(new), was \(old)", breaks: true)
            } else if old.path != new.path {
                note(subject, "other names in the path: \(new), was \(old)")
            }
            compareQueries(before, after, old, new, subject)
        }
        for header in before.forwardedHeaders where !after.forwardedHeaders.contains(header) {
            note(subject, "the header \(header) is no longer passed on")
        }
        for header in after.forwardedHeaders where !before.forwardedHeaders.contains(header) {
            note(subject, "the header \(header) is passed on")
        }
    }

    /// Members that move between query string and body; what comes and goes altogether, the request's schema shows.
    private mutating func compareQueries(
        _ before: EndpointContract, _ after: EndpointContract, _ old: HTTPRoute, _ new: HTTPRoute,
        _ subject: ContractChange.Subject
    ) {
        let (oldNames, newNames) = (old.query.map(\.name), new.query.map(\.name))
        for name in oldNames where !newNames.contains(name) && after.takes(name) {
            note(subject, "\(name) is no longer taken from the query string", breaks: true)
        }
        for name in newNames where !oldNames.contains(name) && before.takes(name) {
            note(subject, "\(name) is taken from the query string now", breaks: true)
        }
    }

    // MARK: - Callers

    private mutating func compareCallers(
        _ before: EndpointContract, _ after: EndpointContract, _ subject: ContractChange.Subject
    ) {
        if before.access != after.access {
            note(
                subject, "access \(after.access.rawValue), was \(before.access.rawValue)",
                breaks: after.access.narrowness > before.access.narrowness)
        }
        if before.idempotency != after.idempotency {
            // Without a key that counts, what was a safe repetition is a second request.
            note(
                subject, "idempotency \(after.idempotency.rawValue), was \(before.idempotency.rawValue)",
                breaks: after.idempotency == .required || after.idempotency == .none)
        }
        if before.isRepeatable != after.isRepeatable {
            note(
                subject, after.isRepeatable ? "may be repeated" : "may not be repeated any more",
                breaks: !after.isRepeatable)
        }
    }

    private mutating func compareLimits(
        _ before: EndpointContract, _ after: EndpointContract, _ subject: ContractChange.Subject
    ) {
        // What follows from the policies has been said there.
        if before.timeout != after.timeout,
            (before.timeout, after.timeout) != (old.policies.timeout, new.policies.timeout)
        {
            note(subject, "timeout \(after.timeout.words), was \(before.timeout.words)")
        }
        if (before.rateLimit, after.rateLimit) != (old.policies.rateLimit, new.policies.rateLimit) {
            compareRateLimits(before.rateLimit, after.rateLimit, of: subject)
        }
        if before.bodyLimit != after.bodyLimit {
            note(
                subject, "takes bodies of \(after.bodyLimit) bytes, was \(before.bodyLimit)",
                breaks: after.bodyLimit < before.bodyLimit)
        }
    }

    // MARK: - Errors

    private mutating func compareErrors(
        _ before: EndpointContract, _ after: EndpointContract, _ subject: ContractChange.Subject
    ) {
        for error in before.ownErrors {
            guard let other = after.ownErrors.first(where: { $0.type == error.type }) else {
                note(subject, "no longer answers \(error.status) \(error.type)")
                continue
            }
            if other.status != error.status {
                note(subject, "answers \(error.type) with \(other.status), was \(error.status)", breaks: true)
            }
            if other.when != error.when { note(subject, "another description of the error \(error.type)") }
        }
        for error in after.ownErrors where !before.ownErrors.contains(where: { $0.type == error.type }) {
            note(subject, "may answer \(error.status) \(error.type)")
        }
    }
}

extension EndpointContract {
    fileprivate func takes(_ member: String) -> Bool {
        request?.properties.contains { $0.name == member } ?? false
    }
}

extension HTTPRoute {
    /// Without the names of parameters.
    fileprivate var shape: [Segment] {
        segments.map { if case .parameter = $0 { .parameter("") } else { $0 } }
    }
}

extension Access {
    fileprivate var narrowness: Int {
        switch self {
        case .anyone: 0
        case .customer: 1
        case .staff: 2
        case .internal: 3
        }
    }
}
