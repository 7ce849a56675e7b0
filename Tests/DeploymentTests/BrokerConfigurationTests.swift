import Contracts
import Deployment
import Testing

@Suite("the text of the broker's users")
struct BrokerConfigurationTests {
    private func contract(_ name: String, endpoints: [String], calls: [String] = [], timeout: Duration) -> Contract {
        Contract(
            name: name, version: "1.0.0", description: "",
            endpoints: endpoints.map {
                EndpointContract(worker: name, subject: $0, description: "", access: .internal, timeout: timeout)
            }, calls: calls)
    }

    @Test("is the same each time and follows the contracts")
    func text() throws {
        let set = try ContractSet([
            contract("b", endpoints: ["b.one"], calls: ["a.one"], timeout: .milliseconds(1_500)),
            contract("a", endpoints: ["a.one"], timeout: .seconds(2)),
        ])
        let text = try BrokerPermissions(set).configuration(passwords: .given(["a": #"x"\$"#]))
        #expect(try text == BrokerPermissions(set).configuration(passwords: .given(["a": #"x"\$"#])))
        #expect(text.contains(#"password: "x\"\\$""#))
        #expect(text.contains("password: $B_NATS_PASSWORD"))
        #expect(text.contains(#"allow_responses: { max: 1, expires: "12s" }"#))
        // A worker that calls nobody publishes nothing but answers.
        #expect(text.contains(#"publish: { deny: [">"] }"#))
    }

    @Test("refuses a worker with the name of another user", arguments: ["ingress", "operator"])
    func names(_ name: String) throws {
        let set = try ContractSet([contract(name, endpoints: ["\(name).one"], timeout: .seconds(1))])
        let error = #expect(throws: BrokerPermissionsError.self) { try BrokerPermissions(set) }
        #expect(
            error?.description
                == "the worker \(name) cannot have a user of its own: the \(name) of the fleet is called that")
    }
}
