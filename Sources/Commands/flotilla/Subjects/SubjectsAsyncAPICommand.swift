import ArgumentParser
import Contracts
import Documents

/// Prints the AsyncAPI 3.0 document.
struct SubjectsAsyncAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "asyncapi",
        abstract: "Print the AsyncAPI 3.0 document of events and requests on the broker as JSON.")

    @OptionGroup var contracts: SubjectsOptions

    @Option(help: "The version that the document gives itself.")
    var version = "1.0.0"

    @Option(help: "The URL of a server, to be named in the document; may be given several times.")
    var server: [String] = []

    func run() async throws {
        print(AsyncAPIDocument(try contracts.load(), version: version, servers: server).json.pretty)
    }
}
