import Contracts
import JSON

extension ServiceError {
    /// The problem document (RFC 9457), the same over HTTP and NATS.
    var problem: [UInt8] {
        Problem(
            status: status, slug: type, title: title, detail: detail, errors: fieldErrors,
            members: members.map { ($0.name, $0.value) }
        ).encoded()
    }

    /// `out-of-stock` reads "Out of stock".
    var title: String {
        let words = type.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
