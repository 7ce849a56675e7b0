import ArgumentParser
import Contracts
import Documents

/// Prints the OpenAPI 3.1 document.
struct SubjectsOpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 document of the HTTP interface as JSON.")

    @OptionGroup var contracts: SubjectsOptions

    @Option(help: "The version that the document gives itself.")
    var version = "1.0.0"

    @Option(help: "The URL of a server, to be named in the document; may be given several times.")
    var server: [String] = []

    func run() async throws {
        print(OpenAPIDocument(try contracts.load(), version: version, servers: server).json.pretty)
    }
}
