import FoundationEssentials
import Glibc
import LocalFleet
import LocalServers
import Testing

@Suite("The files of a fleet")
struct FleetFilesTests {
    private func mode(_ path: String) -> mode_t {
        var info = stat()
        return stat(path, &info) == 0 ? info.st_mode & 0o777 : 0
    }

    @Test("secrets are made once and are for their owner's eyes only")
    func secrets() throws {
        let directory = try TestServers.directory() + "/secrets"
        let first = try FleetSecrets(directory: directory, workers: ["users", "orders"])
        let key = try #require(Files.text(first.jwtKeyFile))
        #expect(key.count == 44)
        #expect(key.dropLast().allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        #expect(Files.text(first.stripeWebhookSecretFile)?.hasPrefix("whsec_") == true)
        #expect(mode(directory) == 0o700)
        #expect(mode(first.jwtKeyFile) == 0o600)

        let second = try FleetSecrets(directory: directory, workers: ["users", "orders", "payments"])
        #expect(Files.text(second.jwtKeyFile) == key)
        #expect(second.postgresPasswords["users"] == first.postgresPasswords["users"])
        #expect(second.postgresPasswords.count == 3)
        #expect(Set(second.postgresPasswords.values).count == 3)
        #expect(second.natsPasswords.isEmpty)

        let third = try FleetSecrets(directory: directory, workers: ["users"], brokerUsers: ["users", "operator"])
        let file = third.natsPasswordFile(of: "operator")
        #expect(Files.text(file) == "\(try #require(third.natsPasswords["operator"]))\n")
        #expect(mode(file) == 0o600)
        #expect(Set(third.natsPasswords.values).count == 2)
        let fourth = try FleetSecrets(directory: directory, workers: ["users"], brokerUsers: ["operator", "users"])
        #expect(fourth.natsPasswords == third.natsPasswords)
    }

    @Test("fleet.json reads back as it was written, follows the pids and is gone after the end")
    func fleetFile() throws {
        let directory = try FleetDirectory(try TestServers.directory() + "/fleet")
        var file = FleetFile(
            http: "http://127.0.0.1:1", nats: "nats://127.0.0.1:2", natsMonitor: "http://127.0.0.1:3",
            postgres: "postgres://x/y", stripe: "http://127.0.0.1:4", mail: "/m", home: "/h", upPid: 7,
            staffToken: "a.b.c", startedAt: Date(timeIntervalSince1970: 1_700_000_000))
        try file.write(to: directory.fleetFile)
        #expect(try FleetFile.load(directory: directory.path) == file)
        #expect(mode(directory.fleetFile) == 0o600)

        #expect(file.natsWithoutUser == "nats://127.0.0.1:2")
        file.nats = "nats://operator:secret@127.0.0.1:2"
        #expect(file.natsWithoutUser == "nats://127.0.0.1:2")

        file.update([])
        #expect(file.workers.isEmpty)
        directory.release()
        #expect(access(directory.fleetFile, F_OK) != 0)
    }

    @Test("a folder has one fleet at a time, and one that holds other things is refused")
    func ownership() throws {
        let parent = try TestServers.directory()
        let path = parent + "/fleet"
        let directory = try FleetDirectory(path)
        let second = #expect(throws: LocalServerError.self) { try FleetDirectory(path) }
        #expect(second?.description == "a fleet runs there already: \(path) is in use by process \(getpid())")
        directory.release()
        try FleetDirectory(path).release()

        try Files.write("mine", to: parent + "/thesis.txt")
        let foreign = #expect(throws: LocalServerError.self) { try FleetDirectory(parent) }
        #expect(foreign?.description == "\(parent) holds other things; choose an empty or new folder with --dir")
        #expect(access(parent + "/lock", F_OK) != 0)
    }

    @Test("a fresh start deletes the fleet's data and nothing else")
    func clear() throws {
        let directory = try FleetDirectory(try TestServers.directory() + "/fleet")
        for name in [directory.nats, directory.postgres, directory.mail, "\(directory.path)/notes"] {
            try Files.makeDirectory(name)
            try Files.write("x", to: "\(name)/file")
        }
        try directory.clear()
        let left = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        #expect(left == [".fleet", "lock", "notes"])
        directory.release()
    }
}
