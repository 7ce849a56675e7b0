import NATS

/// Questions to single instances and services, each with a deadline. Whoever does not answer is asked in another round.
struct ServiceInquiry: Sendable {
    /// Trusted names that are pinged by name in one round.
    static let maxNames = 32

    let nats: NATSConnection
    let timeout: Duration

    /// What each announces, of those that answer.
    func announcements(of instances: [ServiceInstance]) async -> [(ServiceInstance, NATSMessage)] {
        await gather(instances) { instance in
            let answer = try? await nats.request(instance.infoSubject, body: [], timeout: timeout)
            return answer.map { (instance, $0) }
        }
    }

    /// Those that answer a ping of their own.
    func alive(_ instances: [ServiceInstance]) async -> [ServiceInstance] {
        await gather(instances) { instance in
            let answer = try? await nats.request(instance.pingSubject, body: [], timeout: timeout)
            guard let answer, (try? ServiceInstance(ping: answer)) == instance else { return nil }
            return instance
        }
    }

    /// The instances of these services.
    func instances(of services: Set<String>) async -> [ServiceInstance] {
        let names = services.filter { AnnouncementGrammar.isName($0) }.sorted().prefix(Self.maxNames)
        let answers = await gather(Array(names)) { name -> [ServiceInstance]? in
            let answers = try? await nats.requestMany(
                "$SRV.PING.\(name)", for: timeout, quiet: timeout, limit: ServiceRegistry.maxPerService)
            return answers?.compactMap { try? ServiceInstance(ping: $0) }.filter { $0.name == name }
        }
        return answers.flatMap { $0 }
    }

    private func gather<Question: Sendable, Answer: Sendable>(
        _ questions: [Question], _ ask: @escaping @Sendable (Question) async -> Answer?
    ) async -> [Answer] {
        await withTaskGroup(of: Answer?.self) { group in
            for question in questions { group.addTask { await ask(question) } }
            var answers: [Answer] = []
            for await case let answer? in group { answers.append(answer) }
            return answers
        }
    }
}
