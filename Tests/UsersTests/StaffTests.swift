import FleetTesting
import JSON
import Testing
import Worker

@testable import Users

@Suite("What staff do with accounts", .serialized)
struct StaffTests {
    private static func staff(_ fleet: TestFleet) async throws -> Member {
        var boss = try await Member.register(fleet, "boss@example.com", last: "Boss")
        boss.role = "staff"
        return boss
    }

    @Test("a suspended account has no sessions and gets none, until it is reinstated")
    func suspension() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let boss = try await Self.staff(fleet)
            let ada = try await Member.register(fleet, "ada@example.com")
            let reason = #""reason":"chargebacks""#
            for _ in 0..<2 {
                let answer = try await boss.call("users.suspend", reason, of: ada.id)
                #expect(answer.status == 0 && answer.body["status"] == "suspended")
            }
            #expect(try await ada.refresh().status == 401)
            #expect(try await ada.login("wrong horse").status == 401)
            #expect(try await ada.login().problem == "account-suspended")
            // Staff see why, the customer does not.
            #expect(try await boss.call("users.get", of: ada.id).body["suspendedBecause"] == "chargebacks")
            #expect(try await ada.call("users.get").body["suspendedBecause"] == nil)
            #expect(try await boss.call("users.reinstate", of: ada.id).body["status"] == "active")
            #expect(try await ada.login().status == 0)
            #expect(try await ada.refresh().status == 401)
            #expect(try await boss.call("users.get", of: ada.id).body["suspendedBecause"] == nil)
            #expect(
                try await fleet.events(of: ada.id, after: 2)
                    == ["USER_SUSPENDED", "USER_SESSIONS_REVOKED", "USER_REINSTATED", "USER_LOGIN"])
            #expect(try await boss.call("users.suspend", reason).problem == "own-account")
            #expect(try await boss.call("users.suspend", reason, of: UUIDv7.next().text).status == 404)
            #expect(try await boss.call("users.suspend", #""reason":"""#, of: ada.id).status == 400)
        }
    }

    @Test("a suspension and a sign-in at the same moment leave no open session behind")
    func race() async throws {
        try await UsersLiveTests.twoInstances { fleet in
            let boss = try await Self.staff(fleet)
            for n in 0..<5 {
                let ada = try await Member.register(fleet, "ada\(n)@example.com")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { _ = try await fleet.call("users.login", UsersLiveTests.credentials(ada.email)) }
                    }
                    group.addTask { _ = try await boss.call("users.suspend", #""reason":"x""#, of: ada.id) }
                    try await group.waitForAll()
                }
                #expect(try await boss.call("users.get", of: ada.id).body["status"] == "suspended")
                #expect(try await fleet.openSessions(of: ada.id) == [])
            }
        }
    }

    @Test("who becomes staff has it in the next token; who no longer is has to sign in anew")
    func role() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let boss = try await Self.staff(fleet)
            let ada = try await Member.register(fleet, "ada@example.com")
            #expect(try await boss.call("users.staff.grant", of: ada.id).body["role"] == "staff")
            let refreshed = try await ada.refresh()
            #expect(try UsersLiveTests.claims(of: refreshed.body["token"]?.string ?? "")["role"] == "staff")
            let signedIn = try await ada.login()
            #expect(try UsersLiveTests.claims(of: signedIn.body["token"]?.string ?? "")["role"] == "staff")
            #expect(try await boss.call("users.staff.revoke").problem == "own-account")
            for _ in 0..<2 {
                #expect(try await boss.call("users.staff.revoke", of: ada.id).body["role"] == "customer")
            }
            #expect(try await fleet.openSessions(of: ada.id) == [])
            #expect(
                try await fleet.events(of: ada.id, after: 2)
                    == ["USER_ROLE_CHANGED", "USER_LOGIN", "USER_ROLE_CHANGED", "USER_SESSIONS_REVOKED"])
        }
    }

    @Test("customers and strangers do none of it")
    func forbidden() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let eve = try await Member.register(fleet, "eve@example.com")
            for subject in ["users.suspend", "users.reinstate", "users.staff.grant", "users.staff.revoke"] {
                #expect(try await eve.call(subject, #""reason":"x""#, of: ada.id).status == 403, "\(subject)")
                #expect(try await fleet.call(subject, #"{"id":"\#(ada.id)"}"#, actor: "anonymous").status == 401)
            }
            #expect(try await fleet.call("users.list", "{}", actor: "customer:\(eve.id)").status == 403)
            #expect(try await fleet.events(of: ada.id, after: 2) == [])
        }
    }

    @Test("accounts are listed page by page, filtered, and searched by how they begin")
    func list() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let boss = try await Self.staff(fleet)
            var ids: [String] = []
            for n in 0..<5 { ids.append(try await Member.register(fleet, "ada\(n)@example.com").id) }
            let eve = try await Member.register(fleet, "100%_x@example.com", last: "Östlund")
            _ = try await boss.call("users.suspend", #""reason":"x""#, of: ids[0])
            _ = try await boss.call("users.staff.grant", of: boss.id)
            func page(_ members: String) async throws -> TestFleet.Answer {
                try await fleet.call("users.list", "{\(members)}", actor: "staff:\(boss.id)")
            }
            func found(_ members: String) async throws -> [String?] {
                try await page(members).body["users"]?.array?.map { $0["id"]?.string } ?? []
            }
            #expect(try await found("") == [eve.id] + ids.reversed() + [boss.id])
            var (pages, after): ([String?], String?) = ([], nil)
            repeat {
                let answer = try await page(#""limit":3\#(after.map { #","after":"\#($0)""# } ?? "")"#)
                pages += answer.body["users"]?.array?.map { $0["id"]?.string } ?? []
                after = answer.body["next"]?.string
            } while after != nil
            #expect(pages == [eve.id] + ids.reversed() + [boss.id])
            #expect(try await found(#""status":"suspended""#) == [ids[0]])
            #expect(try await found(#""role":"staff""#) == [boss.id])
            for (prefix, expected) in [
                ("ADA3", [ids[3]]), ("boss@", [boss.id]), ("bos", [boss.id]), ("ada boss", [boss.id]),
                ("östl", [eve.id]),
                ("100%_x", [eve.id]), ("%", []), ("_", []), ("100_", []), ("example.com", []),
            ] as [(String, [String])] {
                #expect(try await found(#""q":"\#(prefix)""#) == expected, "\(prefix)")
            }
            #expect(try await found(#""q":"ada","status":"suspended""#) == [ids[0]])
            _ = try await fleet.sql("UPDATE users.users SET account_status = 'deleted' WHERE id = '\(eve.id)'")
            #expect(try await found(#""q":"100""#) == [])
            #expect(try await page(#""limit":101"#).status == 400)
        }
    }
}
