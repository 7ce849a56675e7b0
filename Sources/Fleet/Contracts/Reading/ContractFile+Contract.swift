extension ContractFile {
    /// The contract in that text. Parts that are wrong are noted and left out; nil when not even the worker's name is right.
    func read(_ text: String) -> Contract? {
        guard let root = compose(text), var keys = Keys(root, "a mapping that begins with \"worker:\"") else {
            return nil
        }
        let worker = keys.required("worker", "the worker's name").flatMap(readName)
        let version = keys.required("version", "a semantic version such as 1.0.0")?
            .string("a semantic version such as 1.0.0", where: Grammar.isSemanticVersion)
        let description = keys.required("description", "a text")?.prose()
        let policies = keys.optional("policies").map(readPolicies) ?? Policies()
        let schemas = keys.optional("schemas").map(readDefinitions) ?? []
        let endpoints = keys.required("endpoints", "a list of endpoints")?.list("a list of endpoints") ?? []
        let readEndpoints = endpoints.map { readEndpoint($0, worker: worker, policies: policies) }
        endpointIndices = readEndpoints.indices.filter { readEndpoints[$0] != nil }
        let stream = keys.optional("stream").flatMap { readStream($0, worker: worker) }
        let consumes = keys.optional("consumes").map(readConsumption) ?? []
        let calls = keys.optional("calls").map(readCalls) ?? []
        keys.finish()
        guard let worker else { return nil }
        return Contract(
            name: worker, version: version ?? "", description: description ?? "", policies: policies,
            schemas: schemas, endpoints: readEndpoints.compactMap(\.self), stream: stream, consumes: consumes,
            calls: calls)
    }

    private func readName(_ entry: Entry) -> String? {
        let name = entry.string(
            "a lowercase name such as orders, of at most 32 characters", where: Grammar.isWorkerName)
        if let name, ReservedName.isReserved(name) {
            entry.refuse("a name that is not \(ReservedName.list), which the fleet keeps for itself")
            return nil
        }
        let expected = self.name.split(separator: "/").last?.split(separator: ".").first.map(String.init)
        if let name, let expected, name != expected { entry.refuse("the name of the file, \(expected)") }
        return name
    }

    private func readConsumption(_ entry: Entry) -> [Consumption] {
        let streams = entry.pairs("a mapping from streams to lists of event types, or to \"all\"") ?? []
        return streams.compactMap { name, mark, value in
            guard Grammar.isConstantName(name) else {
                fail(value.path, mark, "expected the name of a stream such as ORDER_EVENTS")
                return nil
            }
            if value.isWord("all") { return Consumption(stream: name) }
            guard let entries = value.list("a list of event types, or \"all\"") else { return nil }
            let types = entries.compactMap {
                $0.string("an event type such as ORDER_CREATED", where: Grammar.isConstantName)
            }
            if entries.isEmpty { value.fail("expected at least one event type, or \"all\"") }
            return Consumption(stream: name, types: types)
        }
    }

    private func readCalls(_ entry: Entry) -> [String] {
        var seen: Set<String> = []
        return (entry.list("a list of subjects") ?? []).compactMap { entry in
            guard let subject = entry.string("a subject such as inventory.reserve", where: Grammar.isSubject) else {
                return nil
            }
            if !seen.insert(subject).inserted { entry.fail("\(subject) is listed twice") }
            return subject
        }
    }
}
