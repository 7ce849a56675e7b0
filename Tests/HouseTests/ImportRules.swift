/// Who may know whom.
enum ImportRules {
    static let workers = ["Users", "Orders", "Inventory", "Payments", "Notifications"]
    private static let transport = ["Reactor", "NATS", "Postgres"]
    private static let fleet = [
        "JSON", "Schema", "Contracts", "Documents", "Deployment", "Streams", "Telemetry", "Migrations",
        "Worker",
    ]
    private static let edge = ["Stripe", "StripeSimulator", "DocsPage", "Ingress"]
    private static let commands = ["LocalServers", "LocalFleet", "flotilla"]

    static func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let floor = file.floor, let room = file.room else { return [] }
        return file.imports.compactMap { line, module in
            reason(floor: String(floor), room: String(room), module: module).map {
                Violation(path: file.path, line: line, rule: $0)
            }
        }
    }

    private static func reason(floor: String, room: String, module: String) -> String? {
        owner(of: module, floor: floor, room: room) ?? neighbour(floor: floor, room: room, module: module)
    }

    /// Modules that only some rooms may import.
    private static func owner(of module: String, floor: String, room: String) -> String? {
        switch module {
        case "CNats" where room != "NATS": "only NATS imports CNats"
        case "CPostgres" where room != "Postgres": "only Postgres imports CPostgres"
        case "CCrypt" where room != "Users": "only Users imports CCrypt"
        case "CCurl" where room != "Notifications": "only Notifications imports CCurl"
        case "Mustache" where room != "Notifications": "only Notifications imports Mustache"
        case "CLinux" where room != "Reactor" && floor != "Commands": "only Reactor and Commands import CLinux"
        case "Yams" where room != "Contracts": "only Contracts imports Yams"
        case "ArgumentParser" where floor != "Commands": "ArgumentParser is for Commands only"
        case "Foundation" where floor != "Commands": "FoundationEssentials instead of Foundation"
        case _ where isWeb(module) && floor != "Edge": "\(module) is for Edge only"
        case _ where isHTTP(module) && floor != "Edge" && floor != "Commands": "\(module) is for Edge and Commands only"
        default: nil
        }
    }

    private static func isWeb(_ module: String) -> Bool { module.hasPrefix("Hummingbird") || module == "JWTKit" }
    private static func isHTTP(_ module: String) -> Bool { module.hasPrefix("NIO") || module == "AsyncHTTPClient" }

    /// Modules of the house itself.
    private static func neighbour(floor: String, room: String, module: String) -> String? {
        switch floor {
        case "Transport":
            return (fleet + workers + edge + commands).contains(module) ? "Transport knows nothing of \(module)" : nil
        case "Fleet":
            return (workers + edge + commands).contains(module) ? "Fleet knows nothing of \(module)" : nil
        case "Workers":
            var allowed = ["Worker", "Crypto", "FoundationEssentials", "Glibc", "Logging", "Synchronization"]
            if room == "Payments" { allowed.append("Stripe") }
            if room == "Notifications" { allowed += ["CCurl", "Mustache"] }
            if room == "Users" { allowed.append("CCrypt") }
            return allowed.contains(module) ? nil : "a worker imports Worker and what that exports, not \(module)"
        case "Edge":
            let isForbidden =
                (workers + commands).contains(module)
                || room == "Ingress" && ["Postgres", "Migrations", "Worker"].contains(module)
            return isForbidden ? "\(room) knows nothing of \(module)" : nil
        default:
            return nil
        }
    }
}
