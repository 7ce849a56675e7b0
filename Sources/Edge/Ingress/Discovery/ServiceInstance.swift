import JSON
import NATS

/// One process of a service, as it names itself (ADR-32 of NATS).
struct ServiceInstance: Hashable, Sendable {
    let name: String
    let id: String

    /// Longest answer to a ping that is looked at, in bytes.
    static let maxPingBytes = 16 << 10

    /// Where this instance alone tells about itself.
    var infoSubject: String { "$SRV.INFO.\(name).\(id)" }

    /// Where this instance alone answers a ping.
    var pingSubject: String { "$SRV.PING.\(name).\(id)" }

    init(name: String, id: String) {
        self.name = name
        self.id = id
    }

    /// Reads an answer to `$SRV.PING`.
    init(ping message: NATSMessage) throws(AnnouncementFault) {
        guard message.count <= Self.maxPingBytes else { throw AnnouncementFault("its answer to a ping is too long") }
        guard let json = try? JSONReader.parse(message.body), let name = json["name"]?.string,
            let id = json["id"]?.string
        else { throw AnnouncementFault("its answer to a ping has no name and id") }
        guard AnnouncementGrammar.isName(name) else { throw AnnouncementFault("\(name.echo) is no name of a service") }
        guard AnnouncementGrammar.isInstanceID(id) else {
            throw AnnouncementFault("\(id.echo) is no id of an instance")
        }
        self.init(name: name, id: id)
    }
}
