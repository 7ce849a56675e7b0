import Contracts
import JSON

extension ServiceError {
    /// The problem document (RFC 9457), the same over HTTP and NATS.
    /// - Parameter requestId: nil where one document answers several requests.
    func problem(requestId: String?) -> [UInt8] {
        Problem(
            status: status, slug: type, detail: detail, errors: fieldErrors, requestID: requestId,
            members: members.map { ($0.name, $0.value) }
        ).encoded()
    }

    /// What workers and the ingress refuse in the same words.
    init(_ problem: Problem) {
        self.init(problem.status, problem.slug, problem.detail ?? problem.title, fieldErrors: problem.errors)
    }

    var title: String { Problem.title(of: type) }
}
