import FoundationEssentials
import Mustache
import Worker

/// The templates of all messages, parsed and checked.
public struct Templates: Sendable {
    private let templates: [TemplateName: MessageTemplate]
    private let library: MustacheLibrary

    /// - Parameter directory: a folder for each template, and partials, `<name>.mustache`, beside them.
    /// - Throws: ``TemplateError`` naming the file that is missing, cannot be parsed, or uses a name that its sample does not
    ///   have.
    public init(directory: String) throws(TemplateError) {
        let files = TemplateFiles(directory: directory)
        let partials = try files.partials()
        library = MustacheLibrary(
            templates: try partials.mapEach { (name, text) throws(TemplateError) in
                try files.parse(text, file: "\(name).mustache", isText: name.hasSuffix(".text"))
            })
        let check = TemplateCheck(partials: partials)
        var templates: [TemplateName: MessageTemplate] = [:]
        for name in TemplateName.allCases { templates[name] = try files.template(name, check) }
        self.templates = templates
        for name in TemplateName.allCases {
            guard let preview = preview(name), let html = preview.html else { continue }
            for (file, text) in [("subject", preview.subject), ("text", preview.text), ("html", html)]
            where MailText.words(text).isEmpty {
                throw TemplateError("\(name.rawValue)/\(file).mustache", "renders to nothing")
            }
        }
    }

    /// - Parameter data: of the message, without anything about its recipient.
    func subject(_ name: TemplateName, _ data: JSONObject) -> String {
        guard let template = templates[name] else { return name.rawValue }
        return Self.line(template.subject.render(TemplateScope(data), library: library))
    }

    /// - Parameter data: of the message and of its recipient (``MessageSurroundings``).
    func render(_ name: TemplateName, subject: String, _ data: JSONObject) -> RenderedMessage {
        guard let template = templates[name] else { return RenderedMessage(subject: subject, text: "", html: nil) }
        let scope = TemplateScope(data)
        return RenderedMessage(
            subject: subject, text: TextLayout.tidy(template.text.render(scope, library: library)),
            html: template.html.render(scope, library: library))
    }

    /// Whether the sample has all members of `data`, and theirs.
    func sampleCovers(_ data: JSONObject, of name: TemplateName) -> Bool {
        guard let sample = templates[name]?.sample else { return false }
        return data.members.allSatisfy { sample[$0.name] != nil }
    }

    private static func line(_ text: String) -> String {
        let line = MailText.cleaned(text)
        return line.count <= 200 ? line : line.prefix(199) + "…"
    }
}

extension Templates {
    /// The names of all templates.
    public static var names: [String] { TemplateName.allCases.map(\.rawValue) }

    /// A template with its sample; nil for a name that there is not.
    public func preview(_ name: String) -> RenderedMessage? {
        TemplateName(rawValue: name).flatMap { preview($0) }
    }

    private func preview(_ name: TemplateName) -> RenderedMessage? {
        guard let sample = templates[name]?.sample else { return nil }
        let data = sample.adding(MessageSurroundings.sample(kind: name.kind))
        return render(name, subject: subject(name, sample), data)
    }
}

extension Dictionary {
    fileprivate func mapEach<T>(_ transform: (Key, Value) throws(TemplateError) -> T) throws(TemplateError) -> [Key: T]
    {
        var result: [Key: T] = [:]
        for (key, value) in self { result[key] = try transform(key, value) }
        return result
    }
}
