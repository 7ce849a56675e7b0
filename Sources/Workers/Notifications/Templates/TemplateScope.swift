import Mustache
import Worker

/// The data of a message as the template library looks things up in it. Classes and structs of our own: looking for what a
/// generic dictionary conforms to costs it more than the whole rendering.
///
/// Texts are one line each, whatever they contained: nobody's name ends a line or begins a header. What is empty is missing.
final class TemplateScope: MustacheParent {
    private let values: [String: Any]

    init(_ object: JSONObject) {
        values = Dictionary(
            object.members.compactMap { member in Self.value(member.value).map { (member.name, $0) } },
            uniquingKeysWith: { _, last in last })
    }

    func child(named name: String) -> Any? { values[name] }

    private static func value(_ value: JSONValue) -> Any? {
        switch value {
        case .null: return nil
        case .bool(let flag): return flag
        case .number(let number): return TemplateText(renderText: number.text)
        case .string(let text):
            let cleaned = MailText.cleaned(text)
            return cleaned.isEmpty ? nil : TemplateText(renderText: cleaned)
        case .array(let elements): return TemplateList(elements: elements.compactMap { Self.value($0) })
        case .object(let object): return TemplateScope(object)
        }
    }
}

struct TemplateText: MustacheCustomRenderable {
    let renderText: String
    var isNull: Bool { false }
}

struct TemplateList: MustacheSequence {
    let elements: [Any]

    func makeIterator() -> IndexingIterator<[Any]> { elements.makeIterator() }
}
