import Testing

@testable import Postgres

@Suite("Connection parameters")
struct ConnectionParametersTests {
    func refusal(_ url: String) -> PostgresError? {
        do throws(PostgresError) {
            _ = try ConnectionParameters(PostgresConfiguration(url: url))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a bad URL is refused in one line that quotes no password",
        arguments: [
            "", "localhost", "http://user:secret@host/db", "postgres//user:secret@host/db",
            "postgres://user:secret@host:port/db", "postgres://user:secret@[::1/db",
            "postgres://user:se%zzcret@host/db",
            "postgres://user:secret@host/db?nonsense=1", "postgres://user:secret@host:99999/db",
            "host=h password='secret", "host=h secret",
        ])
    func badURL(url: String) throws {
        let error = try #require(refusal(url))
        #expect(error.code == .configuration)
        #expect(!error.description.contains("secret") && !error.description.contains("cret"))
        #expect(!error.description.contains("\n"))
        #expect(error.message.count > 20)
    }

    @Test("session settings travel in the options, those of the URL last")
    func options() throws {
        var configuration = PostgresConfiguration(url: "postgres://u@h/db?options=-c%20work_mem%3D1MB")
        configuration.settings = ["search_path": "a b\\c"]
        let parameters = try ConnectionParameters(configuration)
        let options = try #require(parameters["options"])
        #expect(options.hasPrefix("-c TimeZone=UTC -c statement_timeout=5000 -c lock_timeout=1000"))
        #expect(options.contains("-c search_path=a\\ b\\\\c"))
        #expect(options.hasSuffix("-c work_mem=1MB"))
    }

    @Test("the URL wins over the defaults")
    func urlWins() throws {
        let parameters = try ConnectionParameters(
            PostgresConfiguration(url: "postgres://u@h:5433/db?application_name=mine&keepalives_idle=77"))
        #expect(parameters["application_name"] == "mine")
        #expect(parameters["keepalives_idle"] == "77")
        #expect(parameters["keepalives_interval"] == "5")
        #expect(parameters["client_encoding"] == "UTF8")
    }

    @Test("the target named in messages holds neither user nor password")
    func target() throws {
        let parameters = try ConnectionParameters(PostgresConfiguration(url: "postgres://user:secret@h:5433/db"))
        #expect(parameters.target == "h:5433/db")
    }

    @Test(
        "names are looked up, addresses and socket folders are not",
        arguments: [
            ("localhost", true), ("db.example", true), ("127.0.0.1", false), ("::1", false), ("/run/postgresql", false),
            ("", false), ("@abstract", false),
        ])
    func lookups(host: String, needed: Bool) {
        #expect(HostResolver.needsLookup(host) == needed)
    }

    @Test(
        "refusals that time does not cure are told from those it does",
        arguments: [
            ("FATAL:  password authentication failed for user \"x\"", true),
            ("FATAL:  database \"x\" does not exist", true),
            ("FATAL:  the database system is starting up", false),
            ("FATAL:  the database system is shutting down", false),
            ("FATAL:  sorry, too many clients already", false),
            ("connection to server at \"127.0.0.1\", port 1 failed: Connection refused", false),
        ])
    func permanence(message: String, isPermanent: Bool) {
        #expect(ConnectFailure.isPermanent(message) == isPermanent)
    }

    @Test("durations become whole milliseconds")
    func milliseconds() {
        #expect(Duration.milliseconds(1_500).milliseconds == 1_500)
        #expect(Duration.microseconds(1_999).milliseconds == 1)
        #expect(Duration.seconds(-1).milliseconds == 0)
        #expect(Duration.seconds(Int64.max).milliseconds == Int(Int32.max))
    }
}
