import JSON
import Testing

@Suite("reading JSON")
struct JSONReaderTests {
    @Test("accepts what RFC 8259 allows", arguments: GoodDocuments.all)
    func accepts(_ document: GoodDocument) throws {
        let value = try JSONReader.parse(document.bytes)
        #expect(value.description == document.rewritten)
        #expect(try JSONReader.parse(value.bytes) == value)
    }

    @Test("refuses everything else and says where", arguments: BadDocuments.all)
    func refuses(_ document: BadDocument) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(document.bytes) }
        #expect(error.offset == document.offset, "\(error)")
        #expect(error.message.contains(document.message), "\(error)")
    }

    @Test("a fault is located by byte, line and column")
    func location() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse("{\n  \"a\": 1,\n  \"b\": x\n}") }
        #expect(error.offset == 19)
        #expect(error.line == 3)
        #expect(error.column == 8)
        #expect(error.description == "expected a value, got 'x' at byte 19 (line 3, column 8)")
    }

    @Test("nesting ends at the limit")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        _ = try JSONReader.parse(nested(32))
        let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(nested(33)) }
        #expect(error.code == .tooDeep)
        #expect(error.offset == 32)
        _ = try JSONReader.parse(nested(33), limits: JSONLimits(depth: 33))
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test("documents and numbers have a largest size")
    func sizes() throws {
        let error = try #require(throws: JSONSyntaxError.self) {
            try JSONReader.parse("[1, 2, 3]", limits: JSONLimits(bytes: 8))
        }
        #expect(error.code == .tooLarge)
        _ = try JSONReader.parse(String(repeating: "1", count: 64))
        let long = try #require(throws: JSONSyntaxError.self) {
            try JSONReader.parse(String(repeating: "1", count: 65))
        }
        #expect(long.code == .tooLarge)
    }

    @Test("a repeated name is found among few and among many members", arguments: [2, 15, 16, 17, 18, 500])
    func duplicates(_ count: Int) throws {
        func document(_ last: String) -> String {
            "{" + (1..<count).map { "\"n\($0)\":0," }.joined() + "\"\(last)\":0}"
        }
        let object = try JSONReader.parse(document("new")).object
        #expect(object?.count == count)
        let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(document("n1")) }
        #expect(error.code == .duplicateName)
        #expect(error.message == "the member name \"n1\" appears twice in one object")
    }

    @Test("an object with very many members takes linear time")
    func manyMembers() throws {
        let text = "{" + (0..<60_000).map { "\"member\($0)\":0" }.joined(separator: ",") + "}"
        let elapsed = try ContinuousClock().measure { _ = try JSONReader.parse(text) }
        #expect(elapsed < .seconds(2))
    }

    @Test("the member order of the source is kept")
    func order() throws {
        let object = try #require(try JSONReader.parse(#"{"z":1,"a":2,"m":3}"#).object)
        #expect(object.members.map(\.name) == ["z", "a", "m"])
        #expect(object["a"] == 2)
        #expect(object["b"] == nil)
    }

    @Test("a name that only looks alike is another name")
    func lookalikes() throws {
        let object = try #require(try JSONReader.parse(#"{"\u212Aey":1}"#).object)
        #expect(object["Key"] == nil)
        #expect(object["\u{212A}ey"] == 1)
    }

    @Test("spans and buffers are read like arrays")
    func sources() throws {
        let bytes = Array("[1]".utf8)
        #expect(try JSONReader.parse(bytes.span) == [1])
        let value = try bytes.withUnsafeBytes { try JSONReader.parse($0) }
        #expect(value == [1])
    }
}
