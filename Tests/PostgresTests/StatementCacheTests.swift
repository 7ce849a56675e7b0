import FoundationEssentials
import Testing

@testable import Postgres

@Suite("The cache of prepared statements")
struct StatementCacheTests {
    func name(_ entry: PreparedStatement) -> String { String(cString: entry.name) }

    @Test("a statement is found again under its name")
    func finds() {
        var cache = StatementCache(limit: 4)
        #expect(cache.find(Query("SELECT 1")) == nil)
        let entry = cache.insert(Query("SELECT 1"))
        #expect(name(entry) == "s1")
        #expect(cache.find(Query("SELECT 1")) === entry)
        #expect(cache.find(Query("SELECT 2")) == nil)
    }

    @Test("the least recently used statement makes room and is released on the server")
    func evicts() {
        var cache = StatementCache(limit: 2)
        _ = cache.insert(Query("one"))
        _ = cache.insert(Query("two"))
        _ = cache.find(Query("one"))
        _ = cache.insert(Query("three"))
        #expect(cache.count == 2)
        #expect(cache.find(Query("one")) != nil)
        #expect(cache.find(Query("two")) == nil)
        #expect(cache.takeDropped().map(name) == ["s2"])
        #expect(cache.takeDropped().isEmpty)
    }

    @Test("a NULL fits the type prepared before, and a value replaces a type that was unknown")
    func nulls() {
        var cache = StatementCache(limit: 2)
        let statement: Statement = "SELECT $1, $2"
        let first = cache.insert(Query(statement, .null, .int(1)))
        #expect(first.types == [0, 20])
        #expect(cache.find(Query(statement, .null, .null)) === first)
        #expect(cache.find(Query(statement, .text("x"), .null)) == nil)
        let second = cache.insert(Query(statement, .text("x"), .null))
        #expect(second.types == [25, 20])
        #expect(cache.find(Query(statement, .null, .int(2))) === second)
        #expect(cache.takeDropped().map(name) == ["s1"])
    }

    @Test("another type or another number of parameters is another statement")
    func types() {
        var cache = StatementCache(limit: 2)
        _ = cache.insert(Query("SELECT $1", .int(1)))
        #expect(cache.find(Query("SELECT $1", .text("1"))) == nil)
        #expect(cache.find(Query("SELECT $1")) == nil)
    }
}
