import FoundationEssentials
import Worker

extension Caller {
    /// Tells callers apart, in keys and in the books.
    var name: String {
        switch self {
        case .internal: "internal"
        case .anonymous: "anonymous"
        case .customer(let id): "customer:\(id.text)"
        case .staff(let id): "staff:\(id.text)"
        }
    }
}
