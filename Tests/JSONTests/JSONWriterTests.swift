import FoundationEssentials
import JSON
import Testing

@Suite("writing JSON")
struct JSONWriterTests {
    private enum Status: String, JSONWritable { case pending }

    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSONWriter.object(body), as: UTF8.self)
    }

    @Test("commas come between members and elements at every level")
    func commas() {
        let result = text {
            $0.field("a", 1)
            $0.object("b") { _ in }
            $0.array("c") {
                $0.int(1)
                $0.array { $0.null() }
                $0.object { $0.field("d", true) }
            }
            $0.objects("e", [1, 2]) { $0.field("n", $1) }
            $0.field("f", raw: Array("[9]".utf8))
            $0.field("g", Optional<String>.none)
            $0.fieldIfPresent("h", Optional<String>.none)
            $0.fieldIfPresent("i", "x")
            $0.field("j", ["p", "q"])
        }
        #expect(
            result
                == #"{"a":1,"b":{},"c":[1,[null],{"d":true}],"e":[{"n":1},{"n":2}],"f":[9],"g":null,"i":"x","j":["p","q"]}"#
        )
    }

    @Test("texts are escaped where JSON demands it")
    func escapes() {
        #expect(
            text { $0.field("\"", "a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é😀") }
                == "{\"\\\"\":\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7f}é😀\"}")
    }

    @Test(
        "decimals keep all their places",
        arguments: [
            (5998, 2, "59.98"), (5000, 2, "50.00"), (7, 2, "0.07"), (-7, 2, "-0.07"), (0, 2, "0.00"), (500, 0, "500"),
            (1230, 3, "1.230"), (Int64.max, 2, "92233720368547758.07"), (Int64.min, 2, "-92233720368547758.08"),
        ] as [(Int64, Int, String)])
    func decimals(_ minorUnits: Int64, _ scale: Int, _ expected: String) {
        #expect(text { $0.field("n", minorUnits: minorUnits, scale: scale) } == "{\"n\":\(expected)}")
    }

    @Test("integers are written whole", arguments: [0, 7, -7, 10, 1_000_000, Int64.max, Int64.min])
    func integers(_ value: Int64) {
        #expect(text { $0.field("n", value) } == "{\"n\":\(value)}")
    }

    @Test("ids, moments, money and cases have their usual forms")
    func values() throws {
        let id = try #require(UUID(text: "01890A5D-AC96-774B-BCCE-B302099A8057"))
        let yen = try #require(Currency("jpy"))
        let result = text {
            $0.field("id", id)
            $0.field("at", Timestamp(microseconds: 1_700_000_000_123_456))
            $0.field("usd", Money(minorUnits: 5998, currency: .usd))
            $0.field("jpy", Money(minorUnits: 5000, currency: yen))
            $0.field("currency", yen)
            $0.field("status", Status.pending)
            $0.field("value", ["x": [1, nil]] as JSONValue)
        }
        #expect(
            result == #"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","at":"2023-11-14T22:13:20.123Z","usd":59.98,"#
                + #""jpy":5000,"currency":"JPY","status":"pending","value":{"x":[1,null]}}"#)
    }

    @Test("an error thrown in the body comes out")
    func throwing() {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try JSONWriter.object { _ throws(Failure) in throw Failure() } }
    }
}
