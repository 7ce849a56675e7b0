import Testing

@testable import StripeSimulator

@Suite("A form-encoded body")
struct FormValueTests {
    private func tree(_ text: String) throws -> [String: FormValue] { try FormValue.tree(FormValue.pairs(text)) }

    @Test("becomes a tree of its nested keys")
    func nested() throws {
        #expect(
            try tree("a=1&b[c]=2&b[d][e]=3&f=") == [
                "a": .text("1"), "b": .map(["c": .text("2"), "d": .map(["e": .text("3")])]), "f": .text(""),
            ])
        #expect(try tree("a%5Bb%5D=x%20y+z%2B") == ["a": .map(["b": .text("x y z+")])])
        #expect(try tree("") == [:])
        #expect(try tree("flag&=x") == ["flag": .text(""), "": .text("x")])
    }

    @Test("has lists, with and without numbers")
    func lists() throws {
        let form = Parameters(values: try tree("expand[]=a&expand[]=b&types[0]=x&types[1]=y"))
        #expect(try form.list("expand") == ["a", "b"])
        #expect(try form.list("types") == ["x", "y"])
        #expect(try form.list("absent") == [])
    }

    @Test(
        "that is malformed is refused",
        arguments: [
            "a=%", "a=%4", "a=%zz", "a=%ff", "%c3=1", "a=1&a[b]=2", "a[b][c][d][e][f][g][h][i]=1",
            String(repeating: "a=1&", count: 1_001),
        ])
    func malformed(_ text: String) {
        #expect(throws: APIFailure.self) { try tree(text) }
    }

    @Test(
        "with strange keys is still no crash",
        arguments: ["[a]=1", "a[=1", "a]=1", "a[]]=1", "[]=1", "a[[b]]=1", "[=]"])
    func strange(_ text: String) throws {
        #expect(try tree(text).count == 1)
    }

    @Test(
        "gives a number only for a number", arguments: ["1.5", "+1", " 1", "1e3", "0x1", "٣", "99999999999999999999"])
    func integers(_ text: String) {
        let form = Parameters(values: ["amount": .text(text)])
        let error = #expect(throws: APIFailure.self) { try form.integer("amount") }
        #expect(error?.code == "parameter_invalid_integer" && error?.param == "amount")
    }
}
