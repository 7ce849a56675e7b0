import Testing

/// The checker is checked: each rule finds what it is for and lets pass what it is not for.
@Suite("The rules of the house")
struct RuleTests {
    private func rules(_ path: String, _ text: String) -> [String] {
        let file = SourceFile(path: path, text: text)
        return (ImportRules.violations(in: file) + CodeRules.violations(in: file)).map(\.rule)
    }

    @Test(
        "an import that a room may not have is found",
        arguments: [
            ("Fleet/Worker", "import CNats", "only NATS imports CNats"),
            ("Fleet/Worker", "internal import CPostgres", "only Postgres imports CPostgres"),
            ("Workers/Orders", "import CCrypt", "only Users imports CCrypt"),
            ("Fleet/JSON", "@preconcurrency import Foundation", "FoundationEssentials instead of Foundation"),
            ("Edge/Ingress", "import struct Foundation.UUID", "FoundationEssentials instead of Foundation"),
            ("Fleet/Worker", "import Hummingbird", "Hummingbird is for Edge only"),
            ("Commands/flotilla", "import JWTKit", "JWTKit is for Edge only"),
            ("Transport/NATS", "import NIOCore", "NIOCore is for Edge and Commands only"),
            ("Edge/Ingress", "import ArgumentParser", "ArgumentParser is for Commands only"),
            ("Transport/Reactor", "public import Worker", "Transport knows nothing of Worker"),
            ("Transport/Postgres", "import Orders", "Transport knows nothing of Orders"),
            ("Fleet/Worker", "package import Users", "Fleet knows nothing of Users"),
            ("Fleet/Contracts", "import Ingress", "Fleet knows nothing of Ingress"),
            ("Workers/Orders", "import Inventory", "a worker imports Worker and what that exports, not Inventory"),
            ("Workers/Orders", "import Stripe", "a worker imports Worker and what that exports, not Stripe"),
            ("Workers/Orders", "import Postgres", "a worker imports Worker and what that exports, not Postgres"),
            ("Edge/Ingress", "import Postgres", "Ingress knows nothing of Postgres"),
            ("Edge/Ingress", "import Payments", "Ingress knows nothing of Payments"),
        ])
    func forbiddenImport(room: String, line: String, rule: String) {
        #expect(rules("Sources/\(room)/File.swift", "// A file.\n\(line)\n") == [rule])
    }

    @Test(
        "an import that a room may have passes",
        arguments: [
            ("Transport/NATS", "import CNats"), ("Transport/Postgres", "import CPostgres"),
            ("Workers/Users", "import CCrypt"),
            ("Workers/Payments", "import Stripe"), ("Workers/Orders", "public import Worker"),
            ("Commands/flotilla", "import Foundation"),
            ("Edge/Ingress", "import Hummingbird"), ("Commands/flotilla", "import ArgumentParser"),
            ("Commands/flotilla", "import Orders"), ("Fleet/JSON", "public import FoundationEssentials"),
            ("Fleet/Worker", "// import CNats"), ("Fleet/Worker", "let text = \"import CNats\""),
            ("Fleet/Worker", "let text = \"\"\"\n    import CNats\n    \"\"\""),
        ])
    func allowedImport(room: String, text: String) {
        #expect(rules("Sources/\(room)/File.swift", text + "\n").isEmpty)
    }

    @Test(
        "code that the house forbids is found",
        arguments: [
            ("let a = try! b()", "try! can bring a process down"),
            ("let a = b as! C", "as! can bring a process down"),
            ("fatalError(\"no\")", "fatalError brings a process down"),
            ("let a = \"\\(try! b(\")\"))\"", "try! can bring a process down"),
            ("final class A: @unchecked Sendable {}", "no line beside it that says why it is safe"),
            ("// Why.\n\nnonisolated(unsafe) var a = 1", "no line beside it that says why it is safe"),
            ("print(\"x\")", "print outside Commands"),
            ("package func a(_ p: OpaquePointer) {}", "a C type in a signature that others see"),
            ("public let message: natsMsg", "a C type in a signature that others see"),
            ("package var c: UnsafeMutablePointer<PGconn>?", "a C type in a signature that others see"),
            ("// TO" + "DO: later", "unfinished"),
            ("let home = \"/ro" + "ot/x\"", "a path of one machine"),
            ("let file = \"/tm" + "p/x\"", "a path of one machine"),
            (String(repeating: "\n", count: 401), "more than 400 lines"),
        ])
    func forbiddenCode(text: String, rule: String) {
        #expect(rules("Sources/Fleet/Worker/File.swift", text) == [rule])
    }

    @Test(
        "code that only looks like it passes",
        arguments: [
            "// never try! or fatalError( here", "/* as! /* nested try! */ print( */ let a = 1",
            "let a = #\"try! \\(as!) \"\"#",
            "let a = \"print(\"", "reader.print(a)", "func blueprint(_ a: Int) {}",
            "// Why.\nfinal class A: @unchecked Sendable {}",
            "/// What.\n// Why.\n@Reactor\nfinal class A: @unchecked Sendable {}",
            "nonisolated(unsafe) var a = 1  // why",
            "private let p: OpaquePointer", "package let url = \"https://a/work/b\"", "let a = try? b() as? C",
            "let a = \"\\(b[\"c\"] ?? \"d\")\" // try!", "let pattern = /\"/\nlet a = 1",
        ])
    func allowedCode(text: String) {
        #expect(rules("Sources/Fleet/Worker/File.swift", text).isEmpty)
    }

    @Test("print and sockets are for Commands, and a path of one machine is found in every kind of file")
    func places() {
        #expect(rules("Sources/Commands/flotilla/File.swift", "print(1)").isEmpty)
        #expect(rules("Tests/JSONTests/File.swift", "let a = try! b()").isEmpty)
        #expect(rules("docker/compose.yaml", "volume: /wo" + "rk/main") == ["a path of one machine"])
        #expect(rules("README.md", String(repeating: "\n", count: 500)).isEmpty)
    }
}
