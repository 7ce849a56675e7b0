/// What the operator knows of a service. Each standing has places of its own, so that strangers, however many, take none
/// of the fleet's workers and of the services that the operator trusts.
enum ServiceStanding: Int, CaseIterable, Sendable {
    /// The operator lets it choose who may call it.
    case trusted
    case stranger
    /// Its name is that of a worker with a contract: it is looked at only to warn of what the contract does not say.
    case contracted

    /// Instances with an announcement that was read.
    var maxRead: Int { self == .stranger ? 1024 : 512 }

    /// Instances that have announced nothing yet that can be read.
    var maxUnread: Int { self == .stranger ? 256 : 64 }

    /// Bytes of all announcements together.
    var maxBytes: Int { self == .stranger ? 12 << 20 : 4 << 20 }

    /// As far as further instances of a service go, so that those with many leave room for the first one of others.
    var maxReadOfMore: Int { maxRead / 4 * 3 }
    var maxBytesOfMore: Int { maxBytes / 3 * 2 }

    /// Bytes of all announcements of one service.
    var maxBytesPerService: Int { self == .stranger ? 2 << 20 : maxBytes }

    /// How many of those that have announced nothing yet are asked in one round before the others of the round are.
    var share: Int {
        switch self {
        case .trusted: 6
        case .stranger: 12
        case .contracted: 2
        }
    }
}
