import FoundationEssentials
import Worker

extension Caller {
    /// Lets see an account: its owner, staff and workers.
    /// - Throws: 404 for everybody else, as if there were none.
    func maySee(_ id: UUID) throws(ServiceError) {
        guard confinedTo == nil || confinedTo == id else { throw Self.notFound(id) }
    }

    /// Lets change what is its owner's to decide. Staff see accounts, and change none but their own.
    /// - Throws: 404 for another customer, 403 for staff.
    func mayChange(_ id: UUID) throws(ServiceError) {
        try maySee(id)
        if case .staff(let own) = self, own != id {
            throw ServiceError(403, "not-your-account", "only its owner changes this")
        }
    }

    static func notFound(_ id: UUID) -> ServiceError {
        ServiceError(404, "user-not-found", "there is no user \(id.text)")
    }
}
