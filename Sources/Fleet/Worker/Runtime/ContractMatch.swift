import Contracts

/// Holds a worker's code against its contract: neither may have what the other lacks.
struct ContractMatch {
    private let worker: Worker
    private let contract: Contract

    init(_ worker: Worker, _ contract: Contract) {
        self.worker = worker
        self.contract = contract
    }

    func check() throws(WorkerError) {
        let file = "subjects/\(contract.name).yaml"
        let declared = Set(contract.endpoints.map(\.subject))
        let handled = Set(worker.endpoints.map(\.subject))
        if let subject = declared.subtracting(handled).min() {
            throw WorkerError("\(file) declares the endpoint \(subject), for which the worker has no handler")
        }
        if let subject = handled.subtracting(declared).min() {
            throw WorkerError("the worker \(worker.name) handles \(subject), which \(file) does not declare")
        }
        for endpoint in contract.endpoints {
            let takesBytes =
                if case .raw? = worker.endpoints.first(where: { $0.subject == endpoint.subject })?.handler { true } else
                { false }
            guard takesBytes == endpoint.rawBody else {
                throw WorkerError("\(file) and the code of \(endpoint.subject) differ in whether its body is raw")
            }
        }
        try compare(Set(contract.stream?.types.map(\.name) ?? []), worker.emits, file, "the event")
        try compare(Set(contract.calls), worker.calls, file, "the call of")
        let consumed = Set(contract.consumes.map(\.stream))
        let applied = Set(worker.consumers.map(\.stream))
        if let stream = consumed.symmetricDifference(applied).min() {
            throw WorkerError("\(file) and the worker's code differ in whether \(stream) is consumed")
        }
    }

    private func compare(
        _ declared: Set<String>, _ coded: Set<String>, _ file: String, _ what: String
    ) throws(WorkerError) {
        if let name = declared.subtracting(coded).min() {
            throw WorkerError("\(file) declares \(what) \(name), which the worker's code does not list")
        }
        if let name = coded.subtracting(declared).min() {
            throw WorkerError("the worker \(worker.name) lists \(what) \(name), which \(file) does not declare")
        }
    }
}
