import FoundationEssentials
import LocalServers
import Testing

@testable import Migrations

@Suite("The migrations folder")
struct MigrationFolderTests {
    func refusal(_ files: [String: String]) throws -> MigrationError? {
        let directory = try TestServers.directory()
        for (path, text) in files {
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(parent)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(path)"))
        }
        do {
            _ = try MigrationFolders(directory: directory)
            return nil
        } catch {
            return error
        }
    }

    @Test("files in order are accepted, other files are left alone")
    func accepted() throws {
        let error = try refusal([
            "orders/0001_a.sql": "", "orders/0002_b_2.sql": "", "orders/README.md": "", "runtime/0001_m.sql": "",
            "notes.txt": "",
        ])
        #expect(error == nil)
    }

    @Test("a gap, a number twice and a wrong name are refused by name")
    func refused() throws {
        let gap = try refusal(["orders/0001_a.sql": "", "orders/0003_c.sql": ""])
        #expect(gap?.description == "migrations: orders/0003_c.sql: number 0002 is missing before it")
        let twice = try refusal(["orders/0001_a.sql": "", "orders/0001_b.sql": ""])
        #expect(twice?.description == "migrations: orders/0001_b.sql: has the same number as orders/0001_a.sql")
        #expect(try refusal(["orders/0002_a.sql": ""])?.file == "orders/0002_a.sql")
        #expect(try refusal(["orders/1_a.sql": ""])?.file == "orders/1_a.sql")
        #expect(try refusal(["orders/0001_A.sql": ""])?.file == "orders/0001_A.sql")
        #expect(try refusal(["Orders/0001_a.sql": ""])?.file == "Orders")
        #expect(try refusal(["runtime/0001_a.sql": ""])?.message.contains("no worker's folder") == true)
    }

    @Test("a folder that is not there is one clear line")
    func noFolder() throws {
        let error = #expect(throws: MigrationError.self) { try MigrationFolders(directory: "/nowhere") }
        #expect(error?.description == "migrations: cannot read the folder /nowhere")
    }

    @Test("the checksum is SHA-256 in hexadecimal")
    func checksum() throws {
        let migration = try Migration(folder: "f", file: "0001_a.sql", contents: Array("abc".utf8))
        #expect(migration.checksum == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("tokens become names, casts and other words stay")
    func tokens() throws {
        let text = "GRANT x ON :schema.t TO :login_role, :owner_role; SELECT 'a'::text, b::schema, ':schemas', 1:2;:"
        let migration = try Migration(folder: "f", file: "0001_a.sql", contents: Array(text.utf8))
        #expect(
            migration.rendered(SchemaNames(worker: "orders"))
                == """
                GRANT x ON "orders".t TO "orders", "orders_owner"; SELECT 'a'::text, b::schema, ':schemas', 1:2;:
                """)
    }

    @Test("a position becomes a line")
    func lines() {
        #expect(Migration.line(of: 1, in: "a\nb\nc") == 1)
        #expect(Migration.line(of: 3, in: "a\nb\nc") == 2)
        #expect(Migration.line(of: 5, in: "a\nb\nc") == 3)
    }

    @Test("a file that was skipped is refused even though the later one was applied")
    func skipped() throws {
        let files = try (1...3).map {
            try Migration(folder: "f", file: "000\($0)_a.sql", contents: Array("\($0)".utf8))
        }
        let applied = [files[0], files[2]].map { (name: $0.name, checksum: $0.checksum) }
        let error = #expect(throws: MigrationError.self) { try SchemaMigration.pending(files, applied: applied) }
        #expect(error?.file == "f/0002_a.sql")
        #expect(try SchemaMigration.pending(files, applied: [applied[0]]) == Array(files[1...]))
    }
}
