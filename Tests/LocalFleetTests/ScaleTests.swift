import LocalFleet
import Testing

@Suite("The option --scale")
struct ScaleTests {
    let workers = ["users", "orders", "inventory"]

    @Test("workers that it does not name have one instance")
    func defaults() throws {
        #expect(try Scale("", workers: workers).names.map(\.name) == ["users.1", "orders.1", "inventory.1"])
        let scale = try Scale("orders=3,inventory=2", workers: workers)
        #expect(
            scale.names.map(\.name) == ["users.1", "orders.1", "orders.2", "orders.3", "inventory.1", "inventory.2"])
    }

    @Test(
        "what is wrong with it is said in one line",
        arguments: [
            ("order=3", "--scale: there is no worker \"order\"; there are users, orders, inventory"),
            ("orders", "--scale: \"orders\" is not worker=number"),
            ("orders=0", "--scale: orders needs a number from 1 to 32, not \"0\""),
            ("orders=99", "--scale: orders needs a number from 1 to 32, not \"99\""),
            ("orders=x", "--scale: orders needs a number from 1 to 32, not \"x\""),
            ("orders=2,", "--scale: \"\" is not worker=number"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: ScaleError.self) { try Scale(text, workers: workers) }
        #expect(error?.description == message)
    }
}
