import Foundation
import JSON
import LocalServers
import Testing

@testable import Notifications

/// An SMTP server beside the test, a process of its own; `smtp_server.py` says how addresses tell it what to do.
struct SMTPServer: Sendable {
    struct Mail: Sendable {
        let id: String
        let to: String
        let isEncrypted: Bool
        let user: String?
        let text: String
    }

    let port: Int
    /// The certificate that the server shows; nil without encryption.
    let certificate: String?
    private let mailsPath: String

    static func run(
        encrypted: Bool = false, user: (String, String)? = nil, _ body: (SMTPServer) async throws -> Void
    ) async throws {
        let folder = try TestServers.directory()
        var arguments = ["\(folder)/mails"]
        if encrypted {
            let made = try await ChildProcess.run(
                ChildProcess.Command(
                    "/usr/bin/openssl",
                    [
                        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", "\(folder)/key.pem", "-out", "\(folder)/cert.pem",
                    ]))
            try #require(made.status.isSuccess, "\(made.output)")
            arguments += ["--tls", "\(folder)/cert.pem", "\(folder)/key.pem"]
        }
        if let user { arguments += ["--user", user.0, user.1] }
        try await ScriptServer.run("smtp_server.py", arguments) { port in
            try await body(
                SMTPServer(
                    port: port, certificate: encrypted ? "\(folder)/cert.pem" : nil, mailsPath: "\(folder)/mails"))
        }
    }

    /// What it has taken, in order.
    var mails: [Mail] {
        let text = (try? String(contentsOfFile: mailsPath, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard let json = try? JSONReader.parse(Array(line.utf8)) else { return nil }
            return Mail(
                id: json["id"]?.string ?? "", to: json["to"]?.string ?? "", isEncrypted: json["tls"]?.bool ?? false,
                user: json["user"]?.string, text: json["text"]?.string ?? "")
        }
    }

    func settings(
        host: String = "127.0.0.1", user: String? = nil, password: String? = nil,
        encryption: SMTPSettings.Encryption? = nil
    ) throws -> NotificationsSettings.Mail {
        var settings = try SMTPSettings(
            url: "smtp://\(user.map { "\($0)@" } ?? "")\(host):\(port)", password: password, encryption: encryption)
        settings.authorities = certificate
        return .smtp(settings)
    }
}
