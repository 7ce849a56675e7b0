import FleetTesting
import JSON
import Testing
import Worker

@testable import Users

@Suite("Accounts and profiles", .serialized)
struct AccountTests {
    private static func data(_ email: String, _ more: String = "", first: String = "Ada") -> String {
        #""email":"\#(email)","firstName":"\#(first)","lastName":"King"\#(more.isEmpty ? "" : "," + more)"#
    }

    @Test("an account's data are replaced as a whole, with an event when something has changed")
    func update() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let more = #""phone":"+4930123456","dateOfBirth":"1990-12-10""#
            let updated = try await ada.call("users.update", Self.data("ADA@example.com", more, first: "Augusta"))
            #expect(updated.status == 0, "\(updated.body)")
            let shown = try await ada.call("users.get")
            #expect(shown.body == updated.body)
            #expect(shown.body["firstName"] == "Augusta" && shown.body["lastName"] == "King")
            #expect(shown.body["phone"] == "+4930123456" && shown.body["dateOfBirth"] == "1990-12-10")
            #expect(shown.body["email"] == "ada@example.com" && shown.body["role"] == "customer")
            // The same once more is no change; what is left out is removed.
            _ = try await ada.call("users.update", Self.data("ada@example.com", more, first: "Augusta"))
            _ = try await ada.call("users.update", Self.data("ada@example.com"))
            #expect(try await ada.call("users.get").body["phone"] == nil)
            #expect(try await fleet.events(of: ada.id, after: 2) == ["USER_UPDATED", "USER_UPDATED"])
        }
    }

    @Test("another address needs the password, has to be proven, and must be free")
    func address() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let eve = try await Member.register(fleet, "eve@example.com")
            _ = try await fleet.sql("UPDATE users.users SET email_verified = true")
            func change(_ email: String, _ password: String?) async throws -> TestFleet.Answer {
                try await ada.call(
                    "users.update", Self.data(email, password.map { #""currentPassword":"\#($0)""# } ?? ""))
            }
            #expect(try await change("new@example.com", nil).body["errors"]?[0]?["pointer"] == "/currentPassword")
            #expect(try await change("new@example.com", "wrong horse").problem == "wrong-password")
            #expect(try await change("EVE@example.com", Member.password).problem == "email-taken")
            #expect(try await fleet.events(of: ada.id, after: 2) == [])
            let changed = try await change("new@example.com", Member.password)
            #expect(changed.body["email"] == "new@example.com" && changed.body["emailVerified"] == false)
            #expect(try await fleet.events(of: ada.id, after: 2) == ["USER_UPDATED", "USER_VERIFICATION_REQUESTED"])
            #expect(try await ada.login().status == 401)
            #expect(try await fleet.login("new@example.com", Member.password, from: "203.0.113.1").status == 0)
            #expect(try await eve.login().status == 0)
        }
    }

    static let wrong = [
        #""phone":"030 123456""#, #""phone":"+0123456789""#, #""phone":"+1234567890123456""#, #""phone":"+49\n30123""#,
        #""dateOfBirth":"1990-02-30""#, #""dateOfBirth":"1899-12-31""#, #""dateOfBirth":"2999-01-01""#,
        #""dateOfBirth":"10.12.1990""#, #""role":"staff""#, #""status":"active""#, #""emailVerified":true"#,
    ]

    @Test("wrong data, and those of others, are refused and change nothing")
    func refused() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            var eve = try await Member.register(fleet, "eve@example.com")
            for member in Self.wrong {
                #expect(
                    try await ada.call("users.update", Self.data("ada@example.com", member)).status == 400, "\(member)")
            }
            for name in ["", " ", #"A\r\nBcc: eve@example.com"#] {
                #expect(try await ada.call("users.update", Self.data("ada@example.com", first: name)).status == 400)
            }
            for subject in ["users.get", "users.update", "users.profile.get", "users.profile.update"] {
                let body = subject == "users.update" ? Self.data("ada@example.com") : ""
                #expect(try await eve.call(subject, body, of: ada.id).status == 404, "\(subject)")
            }
            eve.role = "staff"
            #expect(try await eve.call("users.get", of: ada.id).status == 0)
            #expect(try await eve.call("users.profile.get", of: ada.id).status == 0)
            #expect(try await eve.call("users.update", Self.data("ada@example.com"), of: ada.id).status == 403)
            #expect(try await eve.call("users.profile.update", of: ada.id).status == 403)
            #expect(try await fleet.events(of: ada.id, after: 2) == [])
        }
    }

    @Test("a profile is empty at first, and comes back as it was put")
    func profile() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            let empty = try await ada.call("users.profile.get")
            #expect(empty.body["preferences"] == .object(JSONObject()) && empty.body.object?.count == 2)
            let members = #"""
                "avatarUrl":"https://example.com:8443/a.png?x=1","bio":"Two\nlines <b>","preferences":{"a":[1,{"b":"ü"}]},
                "address":{"street":"1 Main St","city":"London","zipCode":"W1","country":"GB"}
                """#
            let put = try await ada.call("users.profile.update", members)
            #expect(put.status == 0, "\(put.body)")
            #expect(try await ada.call("users.profile.get").body == put.body)
            #expect(put.body["preferences"]?["a"]?[1]?["b"] == "ü" && put.body["bio"] == "Two\nlines <b>")
            let cleared = try await ada.call("users.profile.update")
            #expect(cleared.body["bio"] == nil && cleared.body["address"] == nil && cleared.body["avatarUrl"] == nil)
            #expect(try await ada.call("users.profile.get").body == cleared.body)
        }
    }

    static let wrongProfiles = [
        #""avatarUrl":"http://example.com/a.png""#, #""avatarUrl":"https://""#,
        #""avatarUrl":"https://user:pw@example.com""#,
        #""avatarUrl":"javascript:alert(1)""#, #""avatarUrl":"https://example.com/\"onerror=x""#,
        #""avatarUrl":"https://example.com/ a""#, #""avatarUrl":"https://example.com:99999/""#,
        #""avatarUrl":"https://example.com/\#(String(repeating: "a", count: 500))""#,
        #""bio":"\#(String(repeating: "b", count: 2_001))""#, #""bio":"nul\u0000""#, #""preferences":[]"#,
        #""preferences":{"a":"\#(String(repeating: "x", count: 8_192))"}"#, #""preferences":{"a":"\u0000"}"#,
        #""preferences":{"\u0000":1}"#, #""preferences":{"a":1e999999}"#, #""address":{"street":"1 Main St"}"#,
        #""address":{"street":"1\nMain","city":"L","zipCode":"W1","country":"GB"}"#, #""nope":1"#,
    ]

    @Test("a profile that is wrong is refused and changes nothing")
    func refusedProfiles() async throws {
        try await TestFleet.run([try UsersLiveTests.worker()]) { fleet in
            let ada = try await Member.register(fleet, "ada@example.com")
            _ = try await ada.call("users.profile.update", #""bio":"mine""#)
            for members in Self.wrongProfiles {
                let answer = try await ada.call("users.profile.update", members)
                #expect(answer.status == 400, "\(members.prefix(60)): \(answer.body)")
            }
            #expect(try await ada.call("users.profile.get").body["bio"] == "mine")
            _ = try await fleet.sql("UPDATE users.users SET account_status = 'deleted'")
            #expect(try await ada.call("users.profile.update", #""bio":"late""#).status == 404)
            #expect(try await ada.call("users.profile.get").status == 404)
        }
    }
}
