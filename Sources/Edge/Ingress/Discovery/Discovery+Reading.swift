import NATS

/// What becomes of the announcements of one round.
extension Discovery {
    /// Those of trusted services first, whose routes are offered before anything else is read. All others share a part of
    /// the round: what does not fit in is asked for again.
    func read(
        _ answers: [ServiceInstance: NATSMessage], of wanted: [ServiceInstance], _ state: inout State
    ) {
        let present = wanted.filter { answers[$0] != nil }
        let isTrusted = { configuration.trustedServices.contains($0) }
        for instance in present where isTrusted(instance.name) { read(answers[instance], of: instance, &state) }
        let strangers = state.costs.inOrder(
            present.filter { !isTrusted($0.name) }.map { ($0, answers[$0]?.count ?? 0) })
        state.costs.endRound()
        guard !strangers.isEmpty else { return }
        if state.registry.takeChange() { offer(&state) }
        let end = ContinuousClock.now + configuration.discoveryInterval / 2
        for (place, stranger) in strangers.enumerated() {
            let began = ContinuousClock.now
            guard place == 0 || began < end else {
                state.registry.postpone(stranger)
                continue
            }
            read(answers[stranger], of: stranger, &state)
            state.costs.add(.now - began, to: stranger.name)
        }
    }

    private func read(_ answer: NATSMessage?, of instance: ServiceInstance, _ state: inout State) {
        guard let answer else { return }
        let body = answer.count <= ServiceAnnouncement.maxBytes ? answer.body : nil
        do throws(AnnouncementFault) {
            if let body { guard try state.registry.accepts(body, of: instance) else { return } }
        } catch {
            // Others take the room that it needs: it keeps the routes that it has.
            return state.log.refused(service: instance.name, error.reason)
        }
        do throws(AnnouncementFault) {
            guard let body else {
                throw AnnouncementFault(
                    "its announcement has \(answer.count) bytes; \(ServiceAnnouncement.maxBytes) are taken")
            }
            let isTrusted = configuration.trustedServices.contains(instance.name)
            state.registry.learn(try ServiceAnnouncement(body, of: instance, isTrusted: isTrusted), of: instance)
        } catch {
            state.log.refused(service: instance.name, error.reason)
            state.registry.learn(nil, of: instance)
        }
    }
}
