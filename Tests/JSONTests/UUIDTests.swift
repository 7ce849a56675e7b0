import FoundationEssentials
import Testing

@testable import JSON

@Suite("ids")
struct UUIDTests {
    @Test("a UUID is read in either case and written in lower case")
    func roundTrip() throws {
        let id = try #require(UUID(text: "01890A5d-aC96-774b-bcce-b302099a8057"))
        #expect(id.text == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(id.uuidString.lowercased() == id.text)
        for _ in 0..<1000 {
            let random = UUID()
            #expect(UUID(text: random.uuidString) == random)
            #expect(UUID(text: random.text) == random)
        }
    }

    @Test(
        "only the 36-character form is a UUID",
        arguments: [
            "", "01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}",
            "01890a5d-ac96-774b-bcce-b302099a805",
            "01890a5d-ac96-774b-bcce-b302099a80577", "01890a5d-ac96-774b-bcce-b302099a805g",
            "01890a5d_ac96-774b-bcce-b302099a8057",
            "01890a5da-c96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a80é",
            " 1890a5d-ac96-774b-bcce-b302099a8057",
        ])
    func notUUIDs(_ text: String) {
        #expect(UUID(text: text) == nil)
    }

    @Test("new ids have version 7, variant 2 and the time of day")
    func layout() {
        let before = Timestamp.now().milliseconds
        let bytes = UUID.version7().uuid
        let after = Timestamp.now().milliseconds
        #expect(bytes.6 >> 4 == 7)
        #expect(bytes.8 >> 6 == 2)
        let time = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        // Ids made in a hurry by other tests may run ahead of the clock a little.
        #expect(time >= before && time <= after + 1000)
    }

    @Test("ids of one process rise strictly, also from many tasks")
    func ordering() async {
        let ids = (0..<20_000).map { _ in UUID.version7().text }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        let all = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2000).map { _ in UUID.version7().text } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } })
        #expect(Set(all.joined()).count == 16_000)
    }

    @Test("ids rise when the clock goes back")
    func clockGoesBack() {
        let first = UUIDv7.next()
        let second = UUIDv7.next(nanoseconds: 1)
        #expect(first.text < second.text)
    }
}
