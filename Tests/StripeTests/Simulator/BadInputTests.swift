import Stripe
import Testing

@testable import StripeSimulator

@Suite("Bad input to the simulator")
struct BadInputTests {
    @Test(
        "gets Stripe's error and changes nothing",
        arguments: [
            ("", "amount", "parameter_missing"),
            ("amount=500", "currency", "parameter_missing"),
            ("amount=&currency=eur", "amount", "parameter_invalid_empty"),
            ("amount=five&currency=eur", "amount", "parameter_invalid_integer"),
            ("amount=5.00&currency=eur", "amount", "parameter_invalid_integer"),
            ("amount=-500&currency=eur", "amount", "parameter_invalid_integer"),
            ("amount=0&currency=eur", "amount", "parameter_invalid_integer"),
            ("amount=99999999999999999999&currency=eur", "amount", "parameter_invalid_integer"),
            ("amount=49&currency=eur", "amount", "amount_too_small"),
            ("amount=100000000&currency=eur", "amount", "amount_too_large"),
            ("amount=150&currency=isk", "amount", "invalid_charge_amount"),
            ("amount[a]=5&currency=eur", "amount", nil),
            ("amount=500&currency=xyz", "currency", nil),
            ("amount=500&currency=eur&confirm=yes", "confirm", nil),
            ("amount=500&currency=eur&metadata=x", "metadata", nil),
            ("amount=500&currency=eur&metadata[a][b]=x", "metadata", nil),
            ("amount=500&currency=eur&return_url=http://x", "return_url", nil),
            ("amount=500&currency=eur&capture_method=never", "capture_method", nil),
            ("amount=500&currency=eur&payment_method_types=card", "payment_method_types", nil),
            ("amount=500&currency=eur&surprise=1", "surprise", "parameter_unknown"),
            ("amount=500&currency=eur&payment_method=pm_x", "payment_method", "resource_missing"),
            ("amount=500&currency=eur&metadata[\(String(repeating: "k", count: 41))]=v", "metadata", nil),
            ("amount=500&currency=eur&metadata[k]=\(String(repeating: "v", count: 501))", "metadata", nil),
            (
                "amount=500&currency=eur&" + (0...50).map { "metadata[k\($0)]=v" }.joined(separator: "&"), "metadata",
                nil
            ),
            ("amount=%", nil, nil),
            ("amount=500&currency=%ff", nil, nil),
        ])
    func create(body: String, param: String?, code: String?) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.post("/v1/payment_intents", body)
            let error = try answer.error
            #expect(answer.status == 400 && error.type == "invalid_request_error" && error.message?.isEmpty == false)
            #expect(error.param == param && error.code == code)
            #expect(answer.headers["request-id"]?.hasPrefix("req_") == true)
            #expect(try await harness.ledger().intents.isEmpty)
        }
    }

    @Test(
        "a key that is missing or wrong is refused, and never echoed",
        arguments: [
            nil, "sk_test_wrong_secret_value", "", "Bearer",
        ])
    func key(_ key: String?) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.send("POST", "/v1/payment_intents", "amount=500&currency=eur", key: key)
            #expect(try answer.status == 401 && answer.error.type == "invalid_request_error")
            #expect(answer.headers["www-authenticate"] != nil)
            #expect(!answer.body.contains("wrong_secret"))
        }
    }

    @Test("a client with the wrong key gets one clear error")
    func wrongClient() async throws {
        try await SimulatorHarness.run(client: { $0.apiKey = "sk_test_other" }) { harness in
            let error = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            #expect(error?.kind == .authentication && error?.httpStatus == 401 && error?.isRetriable == false)
        }
    }

    @Test(
        "what is not there is a 404",
        arguments: [
            ("GET", "/v1/payment_intents/pi_x"), ("POST", "/v1/payment_intents/pi_x/confirm"),
            ("GET", "/v1/refunds/re_x"),
            ("GET", "/v1/events/evt_x"), ("GET", "/v1/charges/ch_x"), ("GET", "/v1/customers"),
            ("DELETE", "/v1/refunds"),
            ("GET", "/v2/x"), ("GET", "/"), ("GET", "/sim/x"), ("PUT", "/sim/faults"), ("GET", "/v1"),
        ])
    func absent(method: String, path: String) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.send(method, path)
            #expect(try answer.status == 404 && answer.error.message != nil)
        }
    }

    @Test(
        "a malformed query is refused",
        arguments: [
            "/v1/payment_intents?limit=0", "/v1/payment_intents?limit=101", "/v1/payment_intents?limit=x",
            "/v1/payment_intents?starting_after=pi_x", "/v1/payment_intents?created[x]=1",
            "/v1/payment_intents?created[gte]=x",
            "/v1/payment_intents?color=red", "/v1/payment_intents/search", "/v1/payment_intents/search?query=x",
            "/v1/events?limit=-1", "/v1/payment_intents?a=%zz",
        ])
    func query(_ path: String) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.send("GET", path)
            #expect(try answer.status == 400 && answer.error.type == "invalid_request_error")
        }
    }

    @Test("a body of another type or size, or a version that is none, is refused")
    func envelopes() async throws {
        try await SimulatorHarness.run { harness in
            let json = try await harness.http.send(
                "POST", "/v1/payment_intents", #"{"amount":500}"#, type: "application/json")
            #expect(try json.status == 400 && json.error.message?.contains("x-www-form-urlencoded") == true)
            let huge = try await harness.http.post("/v1/payment_intents", "a=" + String(repeating: "x", count: 2 << 20))
            #expect(huge.status == 413)
            let version = try await harness.http.send("GET", "/v1/events", headers: ["stripe-version": "latest"])
            #expect(try version.status == 400 && version.error.message == "Invalid Stripe API version: latest")
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
        }
    }

    @Test("HTTP Basic with the key as its user is as good as a bearer token")
    func basic() async throws {
        try await SimulatorHarness.run { harness in
            // base64 of "sk_test_flotilla:".
            let answer = try await harness.http.send(
                "GET", "/v1/events", headers: ["authorization": "Basic c2tfdGVzdF9mbG90aWxsYTo="], key: nil)
            #expect(answer.status == 200)
        }
    }
}
