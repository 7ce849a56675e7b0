import FoundationEssentials
import LocalServers
import Testing

@testable import Notifications

@Suite("The folder of the templates")
struct TemplateFilesTests {
    /// A copy of the repository's templates that may be spoilt.
    private let directory: String

    init() throws {
        directory = try TestServers.directory() + "/templates"
        try FileManager.default.copyItem(atPath: try ShippedTemplates.directory(), toPath: directory)
    }

    private func write(_ text: String, _ file: String) {
        #expect(FileManager.default.createFile(atPath: "\(directory)/\(file)", contents: Data(text.utf8)))
    }

    private var problem: String? {
        do throws(TemplateError) {
            _ = try Templates(directory: directory)
            return nil
        } catch { return error.description }
    }

    @Test("those of the repository are complete, and each can be previewed")
    func shipped() throws {
        let templates = try Templates(directory: directory)
        for name in Templates.names {
            let message = try #require(templates.preview(name))
            #expect(!message.subject.contains("\n") && !message.subject.isEmpty)
            let html = try #require(message.html)
            #expect(!html.contains("{{") && !message.text.contains("{{"))
            // Nothing is fetched when a mail is read.
            #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("url("))
        }
        #expect(templates.preview("nope") == nil)
    }

    @Test("a file that is missing, and a folder that is, keep the worker from starting and are named")
    func missing() throws {
        for file in ["welcome/subject.mustache", "order-placed/html.mustache", "digest/sample.json"] {
            let path = "\(directory)/\(file)"
            let text = try #require(FileManager.default.contents(atPath: path))
            try FileManager.default.removeItem(atPath: path)
            #expect(problem == "\(file): the file is missing or cannot be read, below \(directory)")
            #expect(FileManager.default.createFile(atPath: path, contents: text))
        }
        #expect(problem == nil)
        try FileManager.default.removeItem(atPath: "\(directory)/layout.html.mustache")
        #expect(problem?.hasSuffix("html.mustache:1: there is no layout.html.mustache") == true)
        try FileManager.default.removeItem(atPath: directory)
        #expect(problem?.hasPrefix("\(directory): the folder of the templates cannot be read") == true)
    }

    @Test(
        "what cannot be rendered as it was meant is refused, with file and line",
        arguments: [
            ("text", "all is well\n{{nmae}}\n", "welcome/text.mustache:2: nmae is not in the template's sample"),
            ("html", "{{{email}}}", "welcome/html.mustache:1: {{{email}}} would not be escaped"),
            ("html", "{{&email}}", "welcome/html.mustache:1: {{{email}}} would not be escaped"),
            ("text", "{{#email}}\nx", "welcome/text.mustache"),
            ("text", "{{#email}}{{/firstName}}", "welcome/text.mustache:1: {{/firstName}} ends what was not begun"),
            ("text", "{{email", "welcome/text.mustache:1: a tag has no end"),
            ("text", "{{> nothing}}", "welcome/text.mustache:1: there is no nothing.mustache"),
            ("text", " \n\n", "welcome/text.mustache: renders to nothing"),
            ("subject", "{{email}}", "welcome/subject.mustache:1: email is not in the template's sample"),
            ("subject", "", "welcome/subject.mustache: renders to nothing"),
        ])
    func faults(part: String, text: String, message: String) {
        write(text, "welcome/\(part).mustache")
        #expect(problem?.hasPrefix(message) == true, "\(problem ?? "no problem")")
    }

    @Test("names are looked up where the sections of a list put them, as the rendering does")
    func scopes() {
        write(#"{"a": [{"b": "x"}], "c": {"d": "y"}}"#, "welcome/sample.json")
        write("{{#a}}{{b}}{{email}}{{/a}}{{#c}}{{d}}{{/c}}{{^a}}none{{/a}}", "welcome/text.mustache")
        #expect(problem == nil)
        write("{{b}}", "welcome/text.mustache")
        #expect(problem == "welcome/text.mustache:1: b is not in the template's sample")
        write(#"{"a": []}"#, "welcome/sample.json")
        write("{{#a}}{{b}}{{/a}}", "welcome/text.mustache")
        #expect(problem == "welcome/text.mustache:1: the sample's a is empty")
        write("[]", "welcome/sample.json")
        #expect(problem == "welcome/sample.json: expected a JSON object")
    }
}
