/// Where something stands in a file.
struct Place {
    let file: String
    var line: Int?
    var column: Int?
}

/// What contracts can get wrong only about each other.
struct ContractCheck {
    private let contracts: [Contract]
    private let files: [String: ContractFile]

    /// - Parameter files: by worker, for the places of problems; without them the worker's name stands for the file.
    init(_ contracts: [Contract], files: [String: ContractFile] = [:]) {
        self.contracts = contracts
        self.files = files
    }

    /// - Parameter references: whether to look at references to other contracts too.
    func problems(references: Bool = true) -> [ContractProblem] {
        var problems: [ContractProblem] = []
        func fail(_ contract: Contract, _ path: String, _ message: String) {
            let place = files[contract.name]?.place(path) ?? Place(file: contract.name)
            problems.append(
                .init(file: place.file, line: place.line, column: place.column, path: path, message: message))
        }
        distinct(fail)
        if references {
            for contract in contracts {
                checkConsumption(of: contract, fail)
                checkCalls(of: contract, fail)
            }
        }
        return problems
    }

    private func endpointPath(_ contract: Contract, _ index: Int) -> String {
        let indices = files[contract.name]?.endpointIndices ?? []
        return "endpoints[\(indices.indices.contains(index) ? indices[index] : index)]"
    }

    private typealias Fail = (_ contract: Contract, _ path: String, _ message: String) -> Void

    /// Names, subjects, routes and streams that may occur once only.
    private func distinct(_ fail: Fail) {
        var first: [String: String] = [:]
        var templates: [HTTPRoute] = []
        func check(_ kind: String, _ key: String, _ contract: Contract, _ path: String, _ owner: String) {
            if let other = first["\(kind) \(key)"] {
                fail(contract, path, "the \(kind) \(key) is already that of \(other)")
            } else {
                first["\(kind) \(key)"] = owner
            }
        }
        for contract in contracts {
            check("worker name", contract.name, contract, "worker", "another contract")
            for (index, endpoint) in contract.endpoints.enumerated() {
                let path = endpointPath(contract, index)
                check("subject", endpoint.subject, contract, "\(path).subject", "another endpoint")
                check("endpoint name", "\(contract.name)/\(endpoint.name)", contract, "\(path).name", endpoint.subject)
                guard let route = endpoint.http else { continue }
                check("route", route.shape, contract, "\(path).http", endpoint.subject)
                if let other = templates.first(where: { $0.method != route.method && $0.isAnotherName(for: route) }) {
                    fail(contract, "\(path).http", "the path is that of \(other) with parameters of other names")
                }
                if !templates.contains(where: { $0.shape == route.shape }) { templates.append(route) }
            }
            if let stream = contract.stream {
                check("stream", stream.name, contract, "stream.name", contract.name)
                check("subject prefix", stream.prefix, contract, "stream.prefix", contract.name)
                // The stream would store the requests of that worker, and answer them.
                if contracts.contains(where: { $0.name == stream.prefix }) {
                    fail(
                        contract, "stream.prefix",
                        "\(stream.prefix) is the name of a worker, whose requests the stream would take")
                }
            }
        }
    }

    private func checkConsumption(of contract: Contract, _ fail: Fail) {
        let streams = contracts.compactMap(\.stream)
        for consumption in contract.consumes {
            let path = "consumes.\(consumption.stream)"
            guard let stream = streams.first(where: { $0.name == consumption.stream }) else {
                fail(
                    contract, path, "there is no such stream\(Suggestion.text(consumption.stream, streams.map(\.name)))"
                )
                continue
            }
            for (index, type) in (consumption.types ?? []).enumerated() where stream.type(named: type) == nil {
                let suggestion = Suggestion.text(type, stream.types.map(\.name))
                fail(contract, "\(path)[\(index)]", "\(stream.name) has no events of type \(type)\(suggestion)")
            }
        }
    }

    private func checkCalls(of contract: Contract, _ fail: Fail) {
        let endpoints = contracts.flatMap(\.endpoints)
        for (index, subject) in contract.calls.enumerated() {
            let path = "calls[\(index)]"
            if let endpoint = endpoints.first(where: { $0.subject == subject }) {
                if endpoint.worker == contract.name {
                    fail(contract, path, "\(subject) is an endpoint of this worker itself")
                }
            } else {
                fail(
                    contract, path,
                    "no worker has the endpoint \(subject)\(Suggestion.text(subject, endpoints.map(\.subject)))")
            }
        }
    }
}

extension HTTPRoute {
    /// Equal for routes that match the same requests: names of parameters do not matter.
    fileprivate var shape: String {
        segments.reduce(into: method.rawValue + " ") {
            if case .literal(let text) = $1 { $0 += "/" + text } else { $0 += "/{}" }
        }
    }
}
