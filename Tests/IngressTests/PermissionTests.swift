import LocalServers
import NATS
import Synchronization
import Testing

@testable import Ingress

@Suite("subjects that the broker does not permit")
struct PermissionTests {
    @Test("a service that the ingress may not call is 502, and the log says once what to do")
    func refused() async throws {
        var options = LocalNATS.Options(directory: try TestServers.directory())
        options.extraConfiguration = """
            authorization { users = [{ user: u, password: p, permissions: { publish: { deny: ["s.>"] } } }] }
            no_auth_user: u
            """
        let server = try await LocalNATS.start(options)
        let state = Lookout.State()
        let failure: (any Error)?
        do {
            try await Door.open(server: server, logger: Lookout.logger(state)) { door in
                _ = try await PlayedService.start(door.nats, "s", [.http("s.a", "GET /a"), .http("s.b", "GET /b")])
                let customer = door.bearer(try door.signer.token())
                try await door.eventually { try await $0.get("/a", customer).status == 502 }
                #expect(try await door.get("/b", customer).status == 502)
                let told = state.messages.withLock { $0.filter { $0.contains("--service s") } }
                #expect(told.count == 1)
            }
            failure = nil
        } catch {
            failure = error
        }
        await server.stop()
        if let failure { throw failure }
    }
}
