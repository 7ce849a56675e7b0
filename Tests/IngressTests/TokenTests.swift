import FoundationEssentials
import JSON
import NATS
import NIOHTTP1
import Reactor
import Testing

@testable import Ingress

@Suite("tokens")
struct TokenTests {
    /// Everything wrong with a token, and the words that say so.
    static func forgeries(_ signer: Signer) throws -> [(name: String, header: String, words: String)] {
        let now = Int(Date().timeIntervalSince1970)
        let good = try signer.token()
        let parts = good.split(separator: ".").map(String.init)
        let other = Signer(kid: signer.kid)
        let claims = #"{"iss":"flotilla","sub":"\#(Signer.customerID)","role":"customer","exp":\#(now + 600)}"#
        func signed(_ header: String, _ payload: String = claims) throws -> String {
            "Bearer \(try signer.sign(header: header, payload: payload))"
        }
        func claiming(_ payload: String) throws -> String {
            try signed(#"{"alg":"EdDSA","kid":"\#(signer.kid)"}"#, payload)
        }
        let staff = Signer.base64(
            Array(#"{"iss":"flotilla","sub":"\#(Signer.customerID)","role":"staff","exp":\#(now + 600)}"#.utf8))
        let none = Signer.base64(Array(#"{"alg":"none","kid":"\#(signer.kid)"}"#.utf8))
        return [
            ("not Bearer", "Basic YTpi", "Bearer"),
            ("no token", "Bearer", "Bearer"),
            ("two tokens", "Bearer \(good) \(good)", "Bearer"),
            ("garbage", "Bearer x", "well-formed"),
            ("two parts", "Bearer \(parts[0]).\(parts[1])", "well-formed"),
            ("four parts", "Bearer \(good).x", "well-formed"),
            ("empty parts", "Bearer ..", "well-formed"),
            ("padding", "Bearer \(good)==", "well-formed"),
            ("too large", "Bearer \(good)\(String(repeating: "A", count: 4096))", "4096"),
            ("alg none, signature left out", "Bearer \(none).\(parts[1]).", "EdDSA"),
            ("alg none, signed", try signed(#"{"alg":"none","kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("alg NONE", try signed(#"{"alg":"NONE","kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("alg HS256", try signed(#"{"alg":"HS256","kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("alg ES256", try signed(#"{"alg":"ES256","kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("alg in other case", try signed(#"{"alg":"eddsa","kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("no alg", try signed(#"{"kid":"\#(signer.kid)"}"#), "EdDSA"),
            ("alg twice", try signed(#"{"alg":"none","alg":"EdDSA","kid":"\#(signer.kid)"}"#), "well-formed"),
            ("crit", try signed(#"{"alg":"EdDSA","kid":"\#(signer.kid)","crit":["b64"],"b64":false}"#), "well-formed"),
            ("no kid", try signed(#"{"alg":"EdDSA"}"#), "kid"),
            ("kid a number", try signed(#"{"alg":"EdDSA","kid":7}"#), "kid"),
            ("kid unknown", try signed(#"{"alg":"EdDSA","kid":"other"}"#), "not known"),
            ("kid a path", try signed(#"{"alg":"EdDSA","kid":"../../\#(signer.kid)"}"#), "not known"),
            ("edited claims", "Bearer \(parts[0]).\(staff).\(parts[2])", "signature"),
            ("another's signature", "Bearer \(try other.token())", "signature"),
            ("signature cut", "Bearer \(parts[0]).\(parts[1]).\(parts[2].prefix(40))", "signature"),
            ("signature empty", "Bearer \(parts[0]).\(parts[1]).", "signature"),
            ("expired", "Bearer \(try signer.token(expiresIn: -120))", "expired"),
            ("not yet valid", "Bearer \(try signer.token(extra: #","nbf":\#(now + 300)"#))", "not valid yet"),
            ("nbf a text", "Bearer \(try signer.token(extra: #","nbf":"x""#))", "nbf"),
            ("wrong issuer", "Bearer \(try signer.token(issuer: "evil"))", "someone else"),
            (
                "no issuer", try claiming(#"{"sub":"\#(Signer.customerID)","role":"customer","exp":\#(now + 60)}"#),
                "someone"
            ),
            ("no exp", try claiming(#"{"iss":"flotilla","sub":"\#(Signer.customerID)","role":"customer"}"#), "exp"),
            (
                "exp a text",
                "Bearer \(try signer.sign(header: #"{"alg":"EdDSA","kid":"\#(signer.kid)"}"#, payload: claims.replacing("\(now + 600)", with: "\"\(now + 600)\"")))",
                "exp"
            ),
            ("exp twice", "Bearer \(try signer.token(extra: #","exp":1"#))", "well-formed"),
            (
                "exp beyond all clocks",
                "Bearer \(try signer.sign(header: #"{"alg":"EdDSA","kid":"\#(signer.kid)"}"#, payload: claims.replacing("\(now + 600)", with: "9e30")))",
                "exp"
            ),
            ("no sub", try claiming(#"{"iss":"flotilla","role":"customer","exp":\#(now + 60)}"#), "sub"),
            ("sub no uuid", "Bearer \(try signer.token(subject: "1"))", "sub"),
            ("sub with a line end", "Bearer \(try signer.token(subject: #"\#(Signer.customerID)\r\nx: y"#))", "sub"),
            ("unknown role", "Bearer \(try signer.token(role: "admin"))", "role"),
            ("no role", try claiming(#"{"iss":"flotilla","sub":"\#(Signer.customerID)","exp":\#(now + 60)}"#), "role"),
            ("payload no object", try claiming("[1]"), "well-formed"),
            ("payload no JSON", try claiming("{"), "well-formed"),
        ]
    }

    @Test("forged, expired and malformed tokens are refused with the reason")
    func refusesForgeries() async throws {
        try await Door.open { door in
            for (name, header, words) in try Self.forgeries(door.signer) {
                let seen = try await door.send(.PATCH, "/things/1/status", ["Authorization": header], "{}")
                #expect(seen.status == 401, "\(name): \(seen.body)")
                #expect(seen.json?["type"]?.string == "urn:flotilla:problem:unauthenticated", "\(name)")
                #expect(seen["WWW-Authenticate"]?.hasPrefix("Bearer realm=\"flotilla\"") == true, "\(name)")
                #expect(seen.json?["detail"]?.string?.contains(words) == true, "\(name): \(seen.body)")
                // For anyone's endpoints a bad token is no token: its owner may have to log in again.
                let open = try await door.post("/echo", ["Authorization": header])
                #expect(open.status == 200, "\(name)")
                #expect(open.mirrored("Flotilla-Actor") == "anonymous", "\(name)")
            }
            let missing = try await door.send(.PATCH, "/things/1/status")
            #expect(missing.status == 401)
            #expect(missing["WWW-Authenticate"] == "Bearer realm=\"flotilla\"")
            let twice: HTTPHeaders = ["Authorization": "Bearer a", "authorization": "Bearer b"]
            #expect(try await door.send(.PATCH, "/things/1/status", twice).status == 400)
        }
    }

    @Test("customers and staff are let in by role and named to the worker")
    func roles() async throws {
        try await Door.open { door in
            let customer = door.bearer(try door.signer.token())
            let staff = door.bearer(try door.signer.token(role: "staff", subject: Signer.customerID.uppercased()))
            let open = try await door.post("/echo", customer)
            #expect(open.mirrored("Flotilla-Actor") == "customer:\(Signer.customerID)")
            let patch = try await door.send(.PATCH, "/things/1/status", customer)
            #expect(patch.mirrored("Flotilla-Actor") == "customer:\(Signer.customerID)")
            #expect(try await door.get("/staff", customer).status == 403)
            #expect(try await door.get("/staff", customer)["WWW-Authenticate"]?.contains("insufficient_scope") == true)
            #expect(try await door.get("/staff").status == 401)
            let both = try await door.get("/staff", staff)
            #expect(both.mirrored("Flotilla-Actor") == "staff:\(Signer.customerID)")
            #expect(try await door.send(.PATCH, "/things/1/status", staff).status == 200)
            // Within the leeway, in another spelling of the scheme.
            let late = try door.signer.token(expiresIn: -30)
            #expect(try await door.get("/things/1", ["authorization": "bearer  \(late)"]).status == 200)
            #expect(
                try await door.get("/things/1", ["authorization": "bearer  \(late)"]).mirrored("Flotilla-Actor")
                    == "customer:\(Signer.customerID)")
        }
    }

    @Test("without keys protected endpoints answer 503, and work as soon as the keys are there")
    func keysComeLater() async throws {
        try await Door.open(answersKeys: false) { door in
            let headers = door.bearer(try door.signer.token())
            let early = try await door.send(.PATCH, "/things/1/status", headers)
            #expect(early.status == 503)
            #expect(early["Retry-After"] != nil)
            #expect(try await door.send(.PATCH, "/things/1/status").status == 401)
            #expect(try await door.post("/echo", headers).mirrored("Flotilla-Actor") == "anonymous")
            #expect(try await door.get("/.well-known/jwks.json").status == 503)
            #expect(try await door.get("/health").json?["status"]?.string == "warn")
            let keys = Signer.webKeys(door.signer)
            try await door.nats.answer("\(door.worker).keys") { _ in .ok(keys) }
            try await door.eventually { try await $0.send(.PATCH, "/things/1/status", headers).status == 200 }
        }
    }

    @Test("a rotated key is fetched when the first token names it; invented ones cause no more fetches")
    func rotation() async throws {
        try await Door.open(answersKeys: false, configure: { $0.keysRefreshOnDemand = .seconds(3600) }) { door in
            let (old, new) = (Signer(kid: "old"), Signer(kid: "new"))
            let source = KeySource()
            await source.set(Signer.webKeys(old))
            try await door.nats.answer("\(door.worker).keys") { _ in source.answer() }
            let path = "/things/1/status"
            try await door.eventually { try await $0.send(.PATCH, path, $0.bearer(try old.token())).status == 200 }
            let before = await source.asked
            await source.set(Signer.webKeys(old, new))
            // Many at once, the first of their kind: none may fail.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let seen = try await door.send(.PATCH, path, door.bearer(try new.token()), #"{"a":1}"#)
                        #expect(seen.mirroredBody == #"{"a":1,"id":"1"}"#)
                        return seen.status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await door.send(.PATCH, path, door.bearer(try old.token())).status == 200)
            for number in 0..<20 {
                let forged = Signer(kid: "forged-\(number)")
                #expect(try await door.send(.PATCH, path, door.bearer(try forged.token())).status == 401)
            }
            #expect(await source.asked == before + 1)
        }
    }

    @Test("a token of a key that is newer than the fetch under way waits for the next one")
    func newerThanFetch() async throws {
        try await Door.open(
            answersKeys: false,
            configure: {
                $0.keysRefresh = .milliseconds(50)
                $0.keysRefreshOnDemand = .milliseconds(1)
            }
        ) { door in
            let (old, new) = (Signer(kid: "old"), Signer(kid: "new"))
            let source = KeySource()
            await source.set(Signer.webKeys(old))
            // Answers late, with the keys of the moment it was asked.
            try await door.nats.answer("\(door.worker).keys") { message in
                let answer = source.answer()
                Reactor.schedule(after: .milliseconds(100)) {
                    try? door.nats.respond(to: message, body: Array(answer.body.utf8))
                }
                return nil
            }
            let path = "/things/1/status"
            try await door.eventually { try await $0.send(.PATCH, path, $0.bearer(try old.token())).status == 200 }
            let asked = await source.asked
            try await door.eventually { _ in await source.asked > asked }
            // A fetch is under way that was answered already.
            await source.set(Signer.webKeys(old, new))
            #expect(try await door.send(.PATCH, path, door.bearer(try new.token())).status == 200)
        }
    }

    @Test("tokens of a withdrawn key are refused, verified before or not")
    func withdrawal() async throws {
        try await Door.open(answersKeys: false, configure: { $0.keysRefreshOnDemand = .zero }) { door in
            let (old, new) = (Signer(kid: "old"), Signer(kid: "new"))
            let source = KeySource()
            await source.set(Signer.webKeys(old, new))
            try await door.nats.answer("\(door.worker).keys") { _ in source.answer() }
            let path = "/things/1/status"
            let token = try old.token()
            try await door.eventually { try await $0.send(.PATCH, path, $0.bearer(token)).status == 200 }
            await source.set(Signer.webKeys(new))
            // Any unknown key makes the ingress look.
            _ = try await door.send(.PATCH, path, door.bearer(try Signer(kid: "ask").token()))
            #expect(try await door.send(.PATCH, path, door.bearer(token)).status == 401)
            #expect(try await door.send(.PATCH, path, door.bearer(try new.token())).status == 200)
            let shown = try await door.get("/.well-known/jwks.json")
            #expect(shown.json?["keys"]?.array?.count == 1)
            #expect(shown.json?["keys"]?[0]?["kid"]?.string == "new")
        }
    }

    @Test(
        "key sets that make no sense are not taken",
        arguments: [
            "", "[]", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#,
            #"{"keys":[{"kty":"oct","kid":"a","k":"AAAA","alg":"HS256"}]}"#,
            #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}"#,
            #"{"keys":[{"kty":"OKP","crv":"X25519","kid":"a","x":"\#(String(repeating: "A", count: 43))"}]}"#,
        ])
    func refusesKeySets(_ document: String) async {
        await #expect(throws: KeySet.Malformed.self) { try await KeySet(document: Array(document.utf8)) }
    }

    @Test("a key set shows public halves only, and no key twice")
    func keySets() async throws {
        let (a, b) = (Signer(kid: "a"), Signer(kid: "b"))
        let leaky = Signer.webKeys(a, b).replacing(#""use":"sig""#, with: #""use":"sig","d":"SECRET""#)
        let set = try await KeySet(document: Array(leaky.utf8))
        #expect(String(decoding: set.document, as: UTF8.self) == Signer.webKeys(a, b))
        await #expect(throws: KeySet.Malformed.self) {
            try await KeySet(document: Array(Signer.webKeys(a, Signer(kid: "a")).utf8))
        }
    }
}

/// A source of keys whose answer changes and that counts how often it is asked.
@Reactor
private final class KeySource {
    private var document = ""
    private(set) var asked = 0

    nonisolated init() {}

    func set(_ document: String) { self.document = document }

    func answer() -> Answer {
        asked += 1
        return .ok(document)
    }
}
