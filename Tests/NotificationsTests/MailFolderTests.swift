import FoundationEssentials
import LocalServers
import Testing

@testable import Notifications

@Suite("The mail folder")
struct MailFolderTests {
    private let path: String

    init() throws {
        path = try TestServers.directory() + "/mail"
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func file(_ name: String, attempt: Int64 = 1, _ text: String = "text") -> MailFolder.File {
        MailFolder.File(name: name, attempt: attempt, bytes: Array(text.utf8))
    }

    private func contents(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("is made when it is missing, and holds whole files for its owner only")
    func writes() throws {
        let long = String(repeating: "x", count: 3_000_000)
        let errors = MailFolder(path: path).write([file("a.eml"), file("b.eml", long), file("c.eml", "")])
        #expect(errors.allSatisfy { $0 == nil })
        #expect(names == ["a.eml", "b.eml", "c.eml"])
        #expect(contents("a.eml") == "text")
        #expect(contents("b.eml") == long)
        #expect(contents("c.eml") == "")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/a.eml")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("holds a mail once, and as it was written first, however often it is written")
    func repeated() {
        let folder = MailFolder(path: path)
        for attempt in 1...3 {
            let errors = folder.write([file("a.eml", attempt: Int64(attempt), "attempt \(attempt)")])
            #expect(errors.allSatisfy { $0 == nil })
        }
        #expect(names == ["a.eml"])
        #expect(contents("a.eml") == "attempt 1")
    }

    @Test("clears away what a killed attempt left, whether or not it got as far as the mail")
    func leftovers() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in [".a.eml.1.tmp", ".a.eml.2.tmp", ".b.eml.1.tmp"] {
            #expect(FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data("ha".utf8)))
        }
        let folder = MailFolder(path: path)
        #expect(folder.write([file("a.eml", attempt: 3)]).allSatisfy { $0 == nil })
        #expect(names == [".b.eml.1.tmp", "a.eml"])
        #expect(FileManager.default.createFile(atPath: "\(path)/b.eml", contents: Data("whole".utf8)))
        #expect(folder.write([file("b.eml", attempt: 2)]).allSatisfy { $0 == nil })
        #expect(names == ["a.eml", "b.eml"])
        #expect(contents("b.eml") == "whole")
    }

    @Test("says in one line what is wrong, for each file")
    func failures() {
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        let errors = MailFolder(path: path).write([file("a.eml"), file("b.eml")])
        #expect(
            errors.map { $0?.description }
                == Array(repeating: "mail folder \(path): opening the folder: Not a directory", count: 2))
    }

    @Test("one mail that cannot be written holds up no other")
    func independence() throws {
        let folder = MailFolder(path: path)
        try FileManager.default.createDirectory(atPath: "\(path)/.b.eml.1.tmp", withIntermediateDirectories: true)
        let errors = folder.write([file("a.eml"), file("b.eml"), file("c.eml")])
        #expect(errors.map { $0 == nil } == [true, false, true])
        #expect(names == [".b.eml.1.tmp", "a.eml", "c.eml"])
    }
}
