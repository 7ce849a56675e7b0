import FoundationEssentials
import Mustache
import Worker

/// Reads the files of templates.
struct TemplateFiles {
    let directory: String

    private static let suffix = ".mustache"
    private static let byteLimit = 256 << 10

    /// The texts of the files beside the templates' folders, by their names without `.mustache`.
    func partials() throws(TemplateError) -> [String: String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw TemplateError(directory, "the folder of the templates cannot be read; FLOTILLA_TEMPLATES names it")
        }
        var texts: [String: String] = [:]
        for name in names where name.hasSuffix(Self.suffix) {
            texts[String(name.dropLast(Self.suffix.count))] = try text(name)
        }
        return texts
    }

    /// - Throws: ``TemplateError`` when a file is missing, cannot be parsed or does not pass `check`.
    func template(_ name: TemplateName, _ check: TemplateCheck) throws(TemplateError) -> MessageTemplate {
        func file(_ part: String) -> String { "\(name.rawValue)/\(part)" }
        let samplePath = file("sample.json")
        let sampleText = try text(samplePath)
        guard let sample = (try? JSONReader.parse(Array(sampleText.utf8)))?.object else {
            throw TemplateError(samplePath, "expected a JSON object")
        }
        func template(_ part: String, _ scope: JSONObject, isText: Bool) throws(TemplateError) -> MustacheTemplate {
            let path = file(part + Self.suffix)
            let text = try text(path)
            try check.check(text, file: path, scope: .object(scope))
            return try parse(text, file: path, isText: isText)
        }
        // A subject says nothing of its recipient: it is made when the event comes, and kept.
        let all = sample.adding(MessageSurroundings.sample(kind: name.kind))
        return MessageTemplate(
            subject: try template("subject", sample, isText: true), text: try template("text", all, isText: true),
            html: try template("html", all, isText: false), sample: sample)
    }

    /// - Parameter isText: whether the library is to leave out the escapes of HTML.
    func parse(_ text: String, file: String, isText: Bool) throws(TemplateError) -> MustacheTemplate {
        do { return try MustacheTemplate(string: isText ? "{{% CONTENT_TYPE:TEXT}}\n\(text)" : text) } catch {
            let line = (error as? MustacheTemplate.ParserError).map { $0.context.lineNumber - (isText ? 1 : 0) }
            throw TemplateError(
                file, line: line, "cannot be parsed: \((error as? MustacheTemplate.ParserError)?.error ?? error)")
        }
    }

    private func text(_ name: String) throws(TemplateError) -> String {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
            throw TemplateError(name, "the file is missing or cannot be read, below \(directory)")
        }
        guard data.count <= Self.byteLimit else { throw TemplateError(name, "more than \(Self.byteLimit) bytes") }
        guard let text = String(validating: data, as: UTF8.self) else { throw TemplateError(name, "is no UTF-8") }
        return text
    }
}
