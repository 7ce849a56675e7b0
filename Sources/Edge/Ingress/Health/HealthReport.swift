import JSON

/// The answer of `/health` (IETF draft inadarei-api-health-check): pass, warn or fail, and why.
struct HealthReport {
    enum Status: String, JSONWritable {
        case pass, warn, fail
    }

    let isConnected: Bool
    let keysLoaded: Bool
    let isDraining: Bool
    let workers: [(name: String, answers: Bool?)]

    /// Fails when nothing can be served, or new requests should go elsewhere; warns when some requests are refused.
    var status: Status {
        guard isConnected, !isDraining else { return .fail }
        return keysLoaded && workers.allSatisfy { $0.answers == true } ? .pass : .warn
    }

    func encoded(version: String) -> [UInt8] {
        JSONWriter.object(capacity: 1024) { writer in
            writer.field("status", status)
            writer.field("version", version)
            if isDraining { writer.field("notes", ["shutting down"]) }
            writer.object("checks") { writer in
                writer.check("nats:connection", isConnected ? .pass : .fail, isConnected ? nil : "not connected")
                writer.check("users:keys", keysLoaded ? .pass : .warn, keysLoaded ? nil : "not fetched yet")
                for worker in workers {
                    let output: String? =
                        switch worker.answers {
                        case true?: nil
                        case false?: "does not answer $SRV.PING.\(worker.name)"
                        case nil: "not asked yet"
                        }
                    writer.check("\(worker.name):ping", output == nil ? .pass : .warn, output)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func check(_ name: String, _ status: HealthReport.Status, _ output: String?) {
        array(name) { writer in
            writer.object {
                $0.field("status", status)
                $0.fieldIfPresent("output", output)
            }
        }
    }
}
