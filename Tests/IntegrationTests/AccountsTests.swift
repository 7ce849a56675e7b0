import Foundation
import JSON
import LocalFleet
import Testing

/// The life of an account over HTTP, as its owner's browser and staff live it.
@Suite("Accounts over HTTP", .serialized)
struct AccountsTests {
    @Test("an account is made, proven, used from two devices, changed, suspended and searched over HTTP")
    func life() async throws {
        try await RunningFleet.run { fleet in
            var table: [String] = []
            var token = ""
            func ask(
                _ method: String, _ path: String, _ body: String? = nil, as other: String? = nil, _ status: Int = 200
            ) async throws -> JSONValue {
                let answer = try await Visitor(fleet: fleet, token: other ?? token).send(method, path, body)
                let problem = answer.body["type"]?.string.map { " \($0)" } ?? ""
                table.append("\(method) \(path): \(answer.status)\(problem)")
                #expect(answer.status == status, "\(method) \(path): \(answer.body)")
                return answer.body
            }
            func credentials(_ password: String) -> String { #"{"email":"ada@example.com","password":"\#(password)"}"# }
            let made = try await ask(
                "POST", "/users/register",
                #"{"email":"Ada@example.com","password":"correct horse","firstName":"Ada","lastName":"King"}"#, 201)
            let id = try #require(made["user"]?["id"]?.string)
            token = try #require(made["token"]?.string)
            let signedIn = try await ask("POST", "/users/login", credentials("correct horse"))
            let phone = try #require(signedIn["refreshToken"]?.string)
            let used = try #require(made["refreshToken"]?.string)
            let refreshed = try await ask("POST", "/users/refresh", #"{"refreshToken":"\#(used)"}"#)
            token = try #require(refreshed["token"]?.string)
            let sessions = try await ask("GET", "/users/\(id)/sessions")["sessions"]?.array ?? []
            #expect(sessions.map { $0["current"]?.bool } == [false, true])
            #expect(sessions.allSatisfy { $0["ip"] == "127.0.0.1" })
            _ = try await ask("GET", "/users/\(UUID().uuidString.lowercased())/sessions", nil, 404)
            var mailed: String?
            try await Visitor(fleet: fleet, token: "").until("the mail with the link is there") {
                mailed = Self.mailedToken(in: fleet.file.mail)
                return mailed != nil
            }
            let mail = try #require(mailed)
            _ = try await ask("POST", "/users/verify", #"{"token":"\#(mail)"}"#, as: "")
            _ = try await ask("POST", "/users/verify", #"{"token":"\#(mail)"}"#, as: "", 400)
            _ = try await ask("POST", "/users/verify/request", #"{"email":"ada@example.com"}"#, as: "", 202)
            _ = try await ask("POST", "/users/password/reset", #"{"email":"nobody@example.com"}"#, as: "", 202)
            let change = #"{"currentPassword":"correct horse","newPassword":"incorrect horse"}"#
            _ = try await ask("PUT", "/users/\(id)/password", change)
            _ = try await ask("PUT", "/users/\(id)/password", change, 403)
            _ = try await ask("POST", "/users/refresh", #"{"refreshToken":"\#(phone)"}"#, as: "", 401)
            _ = try await ask(
                "PUT", "/users/\(id)", #"{"email":"ada@example.com","firstName":"Ada","lastName":"Lovelace"}"#)
            _ = try await ask("PUT", "/users/\(id)/profile", #"{"bio":"<b>","preferences":{"theme":"dark"}}"#)
            #expect(try await ask("GET", "/users/\(id)/profile")["preferences"]?["theme"] == "dark")
            #expect(try await ask("GET", "/users/\(id)")["emailVerified"] == true)
            _ = try await ask("GET", "/users?q=ada", nil, 403)
            let staff = fleet.file.staffToken
            #expect(try await ask("GET", "/users?q=ada&limit=5", as: staff)["users"]?[0]?["id"]?.string == id)
            _ = try await ask("PUT", "/users/\(id)/staff", "{}", as: staff)
            _ = try await ask("DELETE", "/users/\(id)/staff", as: staff)
            _ = try await ask("POST", "/users/\(id)/suspend", #"{"reason":"test"}"#, as: staff)
            _ = try await ask("POST", "/users/login", credentials("incorrect horse"), as: "", 403)
            _ = try await ask("POST", "/users/\(id)/reinstate", "{}", as: staff)
            let back = try await ask("POST", "/users/login", credentials("incorrect horse"), as: "")
            token = try #require(back["token"]?.string)
            _ = try await ask("DELETE", "/users/\(id)/sessions")
            _ = try await ask("POST", "/users/logout", "{}")
            let gone = try #require(back["refreshToken"]?.string)
            _ = try await ask("POST", "/users/refresh", #"{"refreshToken":"\#(gone)"}"#, as: "", 401)
            for _ in 0..<5 { _ = try await ask("POST", "/users/login", credentials("wrong horse"), as: "", 401) }
            _ = try await ask("POST", "/users/login", credentials("incorrect horse"), as: "", 429)
            print(table.joined(separator: "\n"))
        }
    }

    /// The token of the first mail, as the worker of mails gets it: by the id in the event.
    /// The token in the link of a mail that asks for the proof of an address.
    private static func mailedToken(in folder: String) -> String? {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for file in files {
            guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) else { continue }
            // Quoted-printable: lines that were broken, and the sign that breaks them.
            let plain = text.replacing("=\r\n", with: "").replacing("=\n", with: "").replacing("=3D", with: "=")
            guard let link = plain.firstRange(of: "/verify-email#token=") else { continue }
            return String(plain[link.upperBound...].prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
        }
        return nil
    }
}
