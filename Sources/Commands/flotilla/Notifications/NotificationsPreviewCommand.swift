import ArgumentParser
import Foundation
import LocalServers
import Notifications

/// `flotilla notifications preview`: the messages as their samples fill them in.
struct NotificationsPreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Render the templates with their samples, and check them.",
        discussion: """
            With --out each becomes files, NAME.html and NAME.txt. Otherwise one is printed; without --template only their \
            subjects are.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, html
    }

    @Option(help: "Which one, such as order-placed (default: all).")
    var template: String?

    @Option(help: "The folder to write into.")
    var out: String?

    @Option(help: "What to print: text or html.")
    var format = Format.text

    @Option(help: "Folder of the templates (default: FLOTILLA_TEMPLATES, or those of FLOTILLA_HOME).")
    var directory: String?

    func validate() throws {
        if let template, !Templates.names.contains(template) {
            throw ValidationError("\(template): expected one of \(Templates.names.joined(separator: ", "))")
        }
    }

    func run() throws {
        let directory = try directory ?? Surroundings().optional("FLOTILLA_TEMPLATES") ?? "\(Home.find())/templates"
        let templates = try Templates(directory: directory)
        for name in template.map({ [$0] }) ?? Templates.names {
            guard let message = templates.preview(name) else { continue }
            if let out {
                try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
                try write(message.html ?? "", to: "\(out)/\(name).html")
                try write("Subject: \(message.subject)\n\n\(message.text)", to: "\(out)/\(name).txt")
                print("\(out)/\(name).html, .txt")
            } else if template == nil {
                print("\(name): \(message.subject)")
            } else {
                print(format == .html ? message.html ?? "" : "Subject: \(message.subject)\n\n\(message.text)")
            }
        }
    }

    private func write(_ text: String, to path: String) throws {
        do { try text.write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw CommandFailure(.unavailable, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
