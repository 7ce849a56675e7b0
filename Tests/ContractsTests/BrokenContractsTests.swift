import Contracts
import Foundation
import Testing

@Suite("wrong contracts")
struct BrokenContractsTests {
    /// The lines 1 to 13 of every contract that a case goes on with.
    static let head = """
        worker: shop
        version: 1.2.3
        description: A shop.
        policies:
          rateLimit: { perMinute: 10, perHour: 100 }
          timeout: 10s
          retries: { attempts: 1, perTry: 5s }
          breaker: { consecutiveErrors: 3, openFor: 30s }
        endpoints:
          - subject: shop.open
            description: Opens.
            access: anyone

        """

    static func problems(_ sources: ContractSource...) -> [String] {
        do {
            _ = try ContractSet.read(sources)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("the head alone is a good contract")
    func head() {
        #expect(Self.problems(.init(name: "subjects/shop.yaml", text: Self.head)) == [])
    }

    @Test("a problem is told with file, line and column", arguments: BrokenEndings.all)
    func ending(_ ending: BrokenEnding) {
        let found = Self.problems(.init(name: "subjects/shop.yaml", text: Self.head + ending.text))
        #expect(found == ending.problems.map { "subjects/shop.yaml:" + $0 })
    }

    @Test("a wrong line in the head is told with file, line and column", arguments: BrokenHeads.all)
    func changed(_ change: BrokenHead) {
        let text = Self.head.replacingOccurrences(of: change.line, with: change.replacement)
        #expect(text != Self.head)
        #expect(
            Self.problems(.init(name: "subjects/shop.yaml", text: text))
                == change.problems.map { "subjects/shop.yaml:" + $0 })
    }

    @Test("what is no contract at all is told in one line")
    func noContract() {
        #expect(Self.problems(.init(name: "a.yaml", text: "")) == ["a.yaml: the file is empty"])
        #expect(
            Self.problems(.init(name: "a.yaml", text: "- 1")) == [
                "a.yaml:1:1: expected a mapping that begins with \"worker:\", got a list"
            ])
        #expect(
            Self.problems(.init(name: "a.yaml", text: "a: [")).first
                == "a.yaml:2:1: no YAML: did not find expected node content")
        #expect(Self.problems(.init(name: "a.yaml", text: "a: b: c")).first?.hasPrefix("a.yaml:1:5: no YAML: ") == true)
        #expect(
            Self.problems(.init(name: "a.yaml", text: "a: 1\na: 2")).first == "a.yaml:1:1: the key \"a\" appears twice")
        #expect(
            Self.problems(.init(name: "a.yaml", text: "worker: a")) == [
                "a.yaml:1:1: the key \"version\" is missing; expected a semantic version such as 1.0.0",
                "a.yaml:1:1: the key \"description\" is missing; expected a text",
                "a.yaml:1:1: the key \"endpoints\" is missing; expected a list of endpoints",
            ])
    }

    @Test("all problems of all files come at once, in order")
    func together() {
        let found = Self.problems(
            .init(name: "b.yaml", text: "worker: b\nversion: 1\ndescription: B\nendpoints: []"),
            .init(name: "a.yaml", text: "worker: A\nversion: 1.0.0\ndescription: A\nendpoints: {}\nextra: 1"))
        #expect(
            found == [
                "a.yaml:1:9: worker: expected a lowercase name such as orders, of at most 32 characters, got \"A\"",
                "a.yaml:4:12: endpoints: expected a list of endpoints, got a mapping",
                "a.yaml:5:1: extra: unknown key; known are worker, version, description, policies, schemas, endpoints, stream, consumes, calls",
                "b.yaml:2:10: version: expected a semantic version such as 1.0.0, got \"1\"",
            ])
    }

    @Test("contracts that contradict each other are told where they do")
    func contradictions() {
        let other = """
            worker: other
            version: 1.0.0
            description: Other.
            endpoints:
              - { subject: other.a, name: same, description: A., http: "GET /things/{id}", access: anyone, request: { type: object, required: [id], properties: { id: { type: string } } } }
              - { subject: other.b, name: same, description: B., http: "GET /things/{name}", access: anyone, request: { type: object, required: [name], properties: { name: { type: string } } } }
              - { subject: other.a, description: C., http: "POST /things/{id}", access: anyone, request: { type: object, required: [id], properties: { id: { type: string } } } }
            stream:
              name: SHOP_EVENTS
              prefix: shop-events
              aggregate: thing
              partitions: 1
              retention: 1d
              events: { THING_SEEN: { description: Seen. } }
            consumes:
              SHOP_EVENT: all
              SHOP_EVENTS: [THING_SEN]
            calls: [shop.opn, other.b]
            """
        let found = Self.problems(
            .init(name: "shop.yaml", text: Self.head + BrokenEndings.stream), .init(name: "other.yaml", text: other))
        #expect(
            found == [
                "other.yaml:6:31: endpoints[1].name: the endpoint name other/same is already that of other.a",
                "other.yaml:6:60: endpoints[1].http: the route GET /things/{} is already that of other.a",
                "other.yaml:7:16: endpoints[2].subject: the subject other.a is already that of another endpoint",
                "other.yaml:9:9: stream.name: the stream SHOP_EVENTS is already that of shop",
                "other.yaml:10:11: stream.prefix: the subject prefix shop-events is already that of shop",
                "other.yaml:16:15: consumes.SHOP_EVENT: there is no such stream; did you mean \"SHOP_EVENTS\"?",
                "other.yaml:17:17: consumes.SHOP_EVENTS[0]: SHOP_EVENTS has no events of type THING_SEN",
                "other.yaml:18:9: calls[0]: no worker has the endpoint shop.opn; did you mean \"shop.open\"?",
                "other.yaml:18:19: calls[1]: other.b is an endpoint of this worker itself",
            ])
    }

    @Test("a clash is told at the right endpoint though one before it is wrong")
    func shiftedIndices() {
        let found = Self.problems(
            .init(
                name: "subjects/shop.yaml",
                text: Self.head + """
                      - { subject: shop, description: A., access: anyone }
                      - { subject: shop.open, name: again, description: A., access: anyone }
                    """))
        #expect(
            found == [
                "subjects/shop.yaml:13:16: endpoints[1].subject: expected a subject such as orders.create, got \"shop\"",
                "subjects/shop.yaml:14:16: endpoints[2].subject: the subject shop.open is already that of another endpoint",
            ])
    }

    @Test("contracts made in code are checked against each other too")
    func inCode() throws {
        let endpoint = EndpointContract(worker: "a", subject: "a.b", description: "B.", access: .internal)
        let good = Contract(name: "a", version: "1.0.0", description: "A.", endpoints: [endpoint])
        #expect(try ContractSet([good]).endpoint(subject: "a.b") == endpoint)
        let bad = Contract(name: "c", version: "1.0.0", description: "C.", endpoints: [], calls: ["a.c"])
        let error = #expect(throws: ContractErrors.self) { try ContractSet([good, bad]) }
        #expect(error?.description == "c: calls[0]: no worker has the endpoint a.c; did you mean \"a.b\"?")
    }

    @Test("a folder without contracts is told in one line")
    func folders() throws {
        let folder = URL.temporaryDirectory.appending(path: UUID().uuidString).path
        #expect(throws: ContractErrors.self) { try ContractSet.load(directory: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let empty = #expect(throws: ContractErrors.self) { try ContractSet.load(directory: folder) }
        #expect(empty?.description == "\(folder): holds no contract; expected one YAML file for each worker")
        try Data([0x61, 0xFF]).write(to: URL(filePath: folder).appending(path: "a.yaml"))
        let binary = #expect(throws: ContractErrors.self) { try ContractSet.load(directory: folder) }
        #expect(binary?.description == "\(folder)/a.yaml: cannot be read as UTF-8 text")
    }
}
