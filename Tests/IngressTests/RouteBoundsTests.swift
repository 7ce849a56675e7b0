import Contracts
import Testing

@testable import Ingress

@Suite("how many routes services get")
struct RouteBoundsTests {
    private typealias Endpoint = PlayedService.Endpoint

    /// Services in the order in which they were found.
    private struct Crowd {
        var members: [ServiceRegistry.Member] = []

        mutating func add(
            _ service: String, instance: String = "i", isTrusted: Bool = false, _ endpoints: [Endpoint]
        ) throws {
            let instance = ServiceInstance(name: service, id: instance)
            let info = PlayedService.info(service, instance.id, "1.0.0", endpoints)
            var member = ServiceRegistry.Member(
                instance: instance, standing: isTrusted ? .trusted : .stranger, order: members.count, foundIn: 1)
            member.announcement = try ServiceAnnouncement(Array(info.utf8), of: instance, isTrusted: isTrusted)
            members.append(member)
        }

        /// With as many routes.
        mutating func add(_ service: String, routes: Int, isTrusted: Bool = false) throws {
            try add(
                service, isTrusted: isTrusted,
                (0..<routes).map { .http("\(service).\($0)", "GET /\(service)/x\($0)") })
        }

        func routes() throws -> (counts: [String: Int], refusals: [String]) {
            let contracts = try Door.contracts("w")
            let trusted = Set(members.filter { $0.standing == .trusted }.map(\.instance.name))
            let assembly = RouteAssembly.assemble(
                members, RoutePrecedence(contracts, ownSubjects: [], trusted: trusted))
            return (
                Dictionary(uniqueKeysWithValues: assembly.contracts.map { ($0.name, $0.endpoints.count) }),
                assembly.refusals.map { "\($0.service): \($0.reason)" }
            )
        }
    }

    @Test("a service that is not trusted gets 64 routes, however many instances announce others, which is told once")
    func oneStranger() throws {
        var crowd = Crowd()
        for instance in 0..<4 {
            try crowd.add(
                "evil", instance: "i\(instance)",
                (0..<150).map { .http("evil.e\(instance).\($0)", "GET /evil/\(instance)/x\($0)") })
        }
        try crowd.add("honest", routes: 60)
        let (counts, refusals) = try crowd.routes()
        #expect(counts == ["evil": 64, "honest": 60])
        #expect(refusals == ["evil: it has 64 routes; one that is not trusted gets no more"])
    }

    @Test("while ten names hold all that they can, a later service gets its routes")
    func fewNames() throws {
        var crowd = Crowd()
        for name in 0..<10 { try crowd.add("evil\(name)", routes: 200) }
        try crowd.add("honest", routes: 40)
        let counts = try crowd.routes().counts
        #expect(counts["honest"] == 40)
        #expect((0..<10).allSatisfy { counts["evil\($0)"] == 64 })
    }

    @Test("each of 64 services has 16 routes for itself, and trusted services have places that no other takes")
    func manyNames() throws {
        var crowd = Crowd()
        for name in 0..<63 { try crowd.add("evil\(name)", routes: 70) }
        try crowd.add("honest", routes: 20)
        try crowd.add("late", routes: 1)
        for name in 0..<3 { try crowd.add("open\(name)", routes: 180, isTrusted: true) }
        let (counts, refusals) = try crowd.routes()
        #expect(counts["honest"] == 16)
        #expect(counts["late"] == nil)
        #expect(counts["open0"] == 180 && counts["open1"] == 180 && counts["open2"] == 152)
        #expect(counts.filter { $0.key.hasPrefix("evil") }.values.reduce(0, +) == 63 * 16 + 512)
        #expect(refusals.contains("late: there are 64 services already"))
        #expect(refusals.contains { $0.hasPrefix("honest: it has 16 routes; others have those") })
        #expect(refusals.contains("open2: there are 512 routes of trusted services already"))
    }

    @Test("endpoints that are refused again and again are not compared for ever")
    func compared() throws {
        var crowd = Crowd()
        for instance in 0..<3 {
            try crowd.add(
                "evil", instance: "i\(instance)",
                (0..<200).map { .http("evil.e\(instance).\($0)", "GET /things/x\($0)") })
        }
        let (counts, refusals) = try crowd.routes()
        #expect(counts.isEmpty)
        #expect(refusals.count == RouteAssembly.maxCompared + 1)
        #expect(refusals.last?.contains("too many of its endpoints are refused") == true)
    }
}
