import Glibc
import LocalFleet
import LocalServers
import Testing

@Suite("The console")
struct ConsoleTests {
    @Test("names are padded to the longest and coloured on a terminal only")
    func labels() throws {
        let path = try TestServers.directory() + "/out"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let plain = Console(width: 8, descriptor: descriptor, isColoured: false)
        plain.write("a", "one")
        plain.write("inventory.1", "two")
        plain.write("a", "gone", isNotice: true)
        Console(width: 2, descriptor: descriptor, isColoured: true).write("a", "red")
        #expect(
            Files.text(path) == """
                a        | one
                inventory.1 | two
                a           | -- gone
                \u{1B}[36ma  |\u{1B}[0m red

                """)
        close(descriptor)
    }

    @Test("a reader that stalls costs lines, not time")
    func stalledReader() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let console = Console(descriptor: ends[1], isColoured: false)
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<500 { console.write("a", line) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        #expect(read(ends[0], &buffer, buffer.count) < 100_000)
        console.write("a", "awake")
        let count = read(ends[0], &buffer, buffer.count)
        #expect(
            String(decoding: buffer.prefix(count), as: UTF8.self).contains("lines were dropped: nobody read them\n"))
        close(ends[0])
        close(ends[1])
    }
}
