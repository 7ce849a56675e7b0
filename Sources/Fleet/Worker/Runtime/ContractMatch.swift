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
        let consumed = Set(contract.consumes.map(\.stream))
        let applied = Set(worker.consumers.map(\.stream))
        if let stream = consumed.symmetricDifference(applied).min() {
            throw WorkerError("\(file) and the worker's code differ in whether \(stream) is consumed")
        }
    }
}
