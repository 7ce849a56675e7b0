import FoundationEssentials
import Glibc

/// The folders in which nats-server keeps the streams of each account.
enum BrokerStore {
    /// The account of those who log in as nobody.
    static let commonAccount = "$G"

    /// Gives the streams of the one account that has some to `account`, so that a server whose configuration moves all
    /// clients to another account keeps them. No server may run on it.
    static func handOver(_ directory: String, to account: String) throws(LocalServerError) {
        let store = "\(directory)/jetstream"
        let target = "\(store)/\(account)"
        guard access(target, F_OK) != 0 else { return }
        let owners = ((try? FileManager.default.contentsOfDirectory(atPath: store)) ?? []).filter {
            access("\(store)/\($0)/streams", F_OK) == 0
        }
        guard let owner = owners.first, owners.count == 1 else { return }
        guard rename("\(store)/\(owner)", target) == 0 else {
            throw LocalServerError(.directory, "cannot rename \(store)/\(owner): \(systemMessage(errno))")
        }
    }
}
