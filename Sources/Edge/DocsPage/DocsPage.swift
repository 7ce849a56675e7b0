import Crypto
import FoundationEssentials

/// The page from which people read and try the API: one file that needs nothing but the documents of the ingress.
///
/// A module of its own, because embedding it takes the compiler longer than all of the ingress.
package enum DocsPage {
    package static let html: [UInt8] = PackageResources.docs_html

    /// Lets the page run its own script and style and talk to the ingress, and nothing else (Content Security Policy level 3).
    package static let contentSecurityPolicy: String = {
        let sources = ["script", "style"].map { "\($0)-src '\(hash(of: $0))'" }
        let others = [
            "connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
        return (["default-src 'none'"] + sources + others).joined(separator: "; ")
    }()

    /// Of what stands between `<element>` and `</element>`.
    private static func hash(of element: String) -> String {
        let text = String(decoding: html, as: UTF8.self)
        guard let start = text.firstRange(of: "<\(element)>"), let end = text.firstRange(of: "</\(element)>"),
            start.upperBound <= end.lowerBound
        else { return "none" }
        let digest = SHA256.hash(data: Data(text[start.upperBound..<end.lowerBound].utf8))
        return "sha256-\(Data(digest).base64EncodedString())"
    }
}
