import FoundationEssentials
import Reactor
import Testing

@testable import Postgres

@Reactor
@Suite("Types")
struct TypeTests {
    @Test("every parameter type comes back as it was sent")
    func roundTrip() async throws {
        try await TestDatabase.run { database in
            let id = UUID()
            let rows = try await database.pool.query(
                "SELECT $1, $2, $3, $4, $5, $6, $7, $8",
                .bool(true), .int(-42), .double(59.98), .uuid(id), .text("grüße 🚚"), .bytes([0, 255, 7]),
                .json(Array(#"{"a" :  1.50}"#.utf8)), .timestamp(1_700_000_000_123_456))
            let row = try #require(rows.first)
            #expect(try row.bool(0))
            #expect(try row.int(1) == -42)
            #expect(try row.double(2) == 59.98)
            #expect(try row.uuid(3) == id)
            #expect(try row.text(4) == "grüße 🚚")
            #expect(try row.bytes(5) == [0, 255, 7])
            #expect(try row.text(6) == #"{"a" :  1.50}"#)
            #expect(try row.timestamp(7) == 1_700_000_000_123_456)
        }
    }

    @Test("the ends of the ranges come back as they were sent")
    func extremes() async throws {
        try await TestDatabase.run { database in
            for value in [Int64.min, -1, 0, 1, .max] {
                let rows = try await database.pool.query("SELECT $1", .int(value))
                #expect(try rows[0].int(0) == value)
            }
            for value: Int64 in [.min, -1, 0, 946_684_799_999_999, 946_684_800_000_000, 4_102_444_800_000_000] {
                let rows = try await database.pool.query("SELECT $1", .timestamp(value))
                #expect(try rows[0].timestamp(0) == value)
            }
            let rows = try await database.pool.query("SELECT 'infinity'::timestamptz, '1970-01-01Z'::timestamptz")
            #expect(try rows[0].timestamp(0) == .max)
            #expect(try rows[0].timestamp(1) == 0)
        }
    }

    @Test("columns of other widths and kinds are read")
    func otherTypes() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TYPE mood AS ENUM ('calm')")
            let rows = try await database.pool.query(
                """
                SELECT 7::smallint, 8::int, 1.5::real, 'v'::varchar, '{"b":1}'::jsonb, 'calm'::mood,
                       'n'::name, 5::oid, 'c'::char(3)
                """)
            let row = rows[0]
            #expect(try row.int(0) == 7)
            #expect(try row.int(1) == 8)
            #expect(try row.double(2) == 1.5)
            #expect(try row.text(3) == "v")
            #expect(try row.text(4) == #"{"b": 1}"#)
            #expect(try row.bytes(4) == Array(#"{"b": 1}"#.utf8))
            #expect(try row.text(5) == "calm")
            #expect(try row.text(6) == "n")
            #expect(try row.int(7) == 5)
            #expect(try row.text(8) == "c  ")
            #expect(try row.withBytes(4) { $0.map { String(decoding: $0, as: UTF8.self) } } == #"{"b": 1}"#)
        }
    }

    @Test("values fit narrower columns and jsonb ones by assignment")
    func assignment() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TABLE t (i int, s smallint, j jsonb, v varchar(9))")
            let rows = try await database.pool.query(
                "INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING i, s, j->>'k', v",
                .int(1), .int(2), .jsonText(#"{"k":"x"}"#), .text("text"))
            #expect(try rows[0].int(0) == 1)
            #expect(try rows[0].int(1) == 2)
            #expect(try rows[0].text(2) == "x")
            #expect(try rows[0].text(3) == "text")
        }
    }

    @Test("NULLs go in and come out for every type, before and after values")
    func nulls() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TABLE t (id uuid, n int, s text, b bytea, j jsonb, at timestamptz)")
            let insert: Statement = "INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6) RETURNING *"
            let none = Query(insert, .null, .null, .null, .null, .null, .null)
            let some = Query(
                insert, .uuid(UUID()), .int(1), .text(""), .bytes([]), .jsonText("{}"), .timestamp(0))
            for query in [none, some, none, some] {
                let row = try await database.pool.query(query)[0]
                let isNone = query.parameters.allSatisfy { if case .null = $0 { true } else { false } }
                #expect(try row.isNull(0) == isNone)
                #expect(try (row.uuidOrNil(0) == nil) == isNone)
                #expect(try (row.intOrNil("n") == nil) == isNone)
                #expect(try row.textOrNil("s") == (isNone ? nil : ""))
                #expect(try row.bytesOrNil("b") == (isNone ? nil : []))
                #expect(try (row.textOrNil("j") == nil) == isNone)
                #expect(try row.timestampOrNil("at") == (isNone ? nil : 0))
                #expect(try row.withBytes("s") { $0 == nil } == isNone)
            }
        }
    }

    @Test("arrays come back as they were sent, empty ones too")
    func arrays() async throws {
        try await TestDatabase.run { database in
            let ids = [UUID(), UUID()]
            let statement: Statement = "SELECT $1, $2, $3, $4, $5, $6, $7"
            let full = try await database.pool.query(
                statement, .ints([1, -2, .max]), .uuids(ids), .texts(["", "a,b", "{\"}"]), .byteses([[0], []]),
                .bools([true, false]), .timestamps([0, -1]), .jsons([Array("1".utf8), Array("{}".utf8)]))
            let row = full[0]
            #expect(try row.ints(0) == [1, -2, .max])
            #expect(try row.uuids(1) == ids)
            #expect(try row.texts(2) == ["", "a,b", "{\"}"])
            #expect(try row.byteses(3) == [[0], []])
            #expect(try row.bools(4) == [true, false])
            #expect(try row.timestamps(5) == [0, -1])
            #expect(try row.texts(6) == ["1", "{}"])
            let empty = try await database.pool.query(
                statement, .ints([]), .uuids([]), .texts([]), .byteses([]), .bools([]), .timestamps([]), .jsons([]))
            #expect(try empty[0].ints(0).isEmpty)
            #expect(try empty[0].texts(2).isEmpty)
            #expect(try empty[0].uuids(1).isEmpty)
        }
    }

    @Test("arrays drive unnest and ANY")
    func arraysInSQL() async throws {
        try await TestDatabase.run { database in
            let ids = (0..<3).map { _ in UUID() }
            try await database.admin("CREATE TABLE stock (id uuid PRIMARY KEY, n int)")
            let insert = try await database.pool.query(
                "INSERT INTO stock SELECT * FROM unnest($1, $2)", .uuids(ids), .ints([1, 2, 3]))
            #expect(insert.affected == 3)
            let some = try await database.pool.query(
                "SELECT n FROM stock WHERE id = ANY($1) ORDER BY n", .uuids([ids[0], ids[2]]))
            #expect(try some.map { try $0.int(0) } == [1, 3])
        }
    }

    @Test("values of a mebibyte and more go in and come out", arguments: [1 << 20, 9 << 20])
    func large(size: Int) async throws {
        try await TestDatabase.run { database async throws in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let rows = try await database.pool.query("SELECT $1, $2", .bytes(bytes), .text("x"))
            #expect(try rows[0].bytes(0) == bytes)
            #expect(try rows[0].text(1) == "x")
            let small = try await database.pool.query("SELECT length($1)", .bytes(bytes))
            #expect(try small[0].int(0) == Int64(size))
        }
    }

    @Test("rows are a collection, columns have names and commands a count")
    func rows() async throws {
        try await TestDatabase.run { database in
            let rows = try await database.pool.query("SELECT n, n * 2 AS double FROM generate_series(1, 5) n")
            #expect(rows.count == 5)
            #expect(rows.affected == 5)
            #expect(rows.columns == ["n", "double"])
            #expect(try rows.map { try $0.int("double") } == [2, 4, 6, 8, 10])
            #expect(try rows.last?.int(0) == 5)
            let none = try await database.pool.query("SELECT 1 WHERE false")
            #expect(none.isEmpty)
            #expect(none.affected == 0)
        }
    }

    @Test("asking for what is not there says so")
    func decodingErrors() async throws {
        try await TestDatabase.run { database in
            let rows = try await database.pool.query("SELECT 1 AS one, NULL::int AS nothing")
            let row = rows[0]
            let wrongType = await failure { _ = try row.uuid("one") }
            #expect(wrongType?.code == .decoding)
            #expect(wrongType?.message.contains("\"one\"") == true)
            #expect(await failure { _ = try row.int("nothing") }?.message == "column 1 \"nothing\" is NULL")
            #expect(await failure { _ = try row.int("two") }?.message.contains("one, nothing") == true)
            #expect(await failure { _ = try row.int(2) }?.code == .decoding)
            #expect(await failure { _ = try row.ints(0) }?.code == .decoding)
            #expect(await failure { _ = try Row(rows: rows, index: 1).int(0) }?.code == .decoding)
        }
    }
}
