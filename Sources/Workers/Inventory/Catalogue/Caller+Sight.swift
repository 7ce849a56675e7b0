import FoundationEssentials
import Worker

extension Caller {
    /// Whether it is staff or another worker, who may see what customers do not.
    var seesAll: Bool {
        switch self {
        case .internal, .staff: true
        case .anonymous, .customer: false
        }
    }

    /// How the stock ledger names it; nil for the fleet itself.
    var actor: String? {
        switch self {
        case .internal, .anonymous: nil
        case .customer(let id): "customer:\(id.text)"
        case .staff(let id): "staff:\(id.text)"
        }
    }
}
