import Contracts

/// Compares two versions of one worker's contract.
struct ContractComparison {
    let old: Contract
    let new: Contract
    private(set) var changes: [ContractChange] = []

    init(old: Contract, new: Contract) {
        self.old = old
        self.new = new
    }

    mutating func run() {
        comparePolicies()
        compareEndpoints()
        compareStreams()
        compareNeeds()
        if old.description != new.description { note(.worker, "another description") }
        checkVersion()
    }

    mutating func note(_ subject: ContractChange.Subject, _ words: String, breaks: Bool = false) {
        changes.append(
            ContractChange(
                worker: new.name, subject: subject, words: words, kind: breaks ? .breaking : .compatible))
    }

    mutating func note(_ subject: ContractChange.Subject, _ part: ContractChange.Part, _ found: [SchemaChange]) {
        for change in found {
            changes.append(
                ContractChange(
                    worker: new.name, subject: subject, part: part, pointer: change.pointer, words: change.words,
                    kind: change.breaks(part) ? .breaking : .compatible))
        }
    }

    // MARK: - Policies

    private mutating func comparePolicies() {
        let (before, after) = (old.policies, new.policies)
        compareRateLimits(before.rateLimit, after.rateLimit, of: .policy("rateLimit"))
        if before.timeout != after.timeout {
            note(.policy("timeout"), "\(after.timeout.words), was \(before.timeout.words)")
        }
        if before.retries != after.retries {
            note(.policy("retries"), "\(after.retries.words), were \(before.retries.words)")
        }
        if before.breaker != after.breaker {
            note(.policy("breaker"), "\(after.breaker.words), was \(before.breaker.words)")
        }
    }

    mutating func compareRateLimits(_ before: RateLimit?, _ after: RateLimit?, of subject: ContractChange.Subject) {
        guard before != after else { return }
        let isTighter: Bool
        switch (before, after) {
        case (let before?, let after?):
            isTighter = after.perMinute < before.perMinute || after.perHour < before.perHour
        case (nil, _): isTighter = true
        case (_, nil): isTighter = false
        }
        note(subject, "rate limit \(after.words), was \(before.words)", breaks: isTighter)
    }

    // MARK: - What it needs

    private mutating func compareNeeds() {
        for subject in old.calls where !new.calls.contains(subject) { note(.worker, "calls \(subject) no more") }
        for subject in new.calls where !old.calls.contains(subject) { note(.worker, "calls \(subject)") }
        for consumption in old.consumes where !new.consumes.contains(where: { $0.stream == consumption.stream }) {
            note(.worker, "consumes \(consumption.stream) no more")
        }
        for consumption in new.consumes {
            guard let before = old.consumes.first(where: { $0.stream == consumption.stream }) else {
                note(.worker, "consumes \(consumption.stream)")
                continue
            }
            if before.types.map(Set.init) != consumption.types.map(Set.init) {
                let types = consumption.types?.joined(separator: ", ") ?? "all"
                note(.worker, "consumes other events of \(consumption.stream): \(types)")
            }
        }
    }

    // MARK: - Version

    private mutating func checkVersion() {
        let (before, after) = (SemanticVersion(old.version), SemanticVersion(new.version))
        guard !changes.isEmpty else {
            if before > after {
                changes.append(
                    ContractChange(
                        worker: new.name, subject: .worker, words: "version \(new.version) is below \(old.version)",
                        kind: .version))
            } else if old.version != new.version {
                note(.worker, "version \(new.version), was \(old.version)")
            }
            return
        }
        let words: String
        if before >= after {
            words = "version \(new.version) is not above \(old.version) although something changed"
        } else if changes.contains(where: \.isBreaking), !after.mayBreak(before) {
            words = "version \(new.version) after \(old.version) says that nothing breaks; expected \(before.next)"
        } else {
            return
        }
        changes.append(ContractChange(worker: new.name, subject: .worker, words: words, kind: .version))
    }
}
