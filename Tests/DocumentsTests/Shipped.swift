import Contracts
import Documents
import Foundation
import JSON

/// The documents of the contracts that are shipped.
enum Shipped {
    static let contracts = Result {
        try ContractSet.load(
            directory: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../subjects")
                .standardized.path)
    }

    static func openAPI() throws -> JSONValue { OpenAPIDocument(try contracts.get(), version: "1.2.3").json }

    static func asyncAPI() throws -> JSONValue { AsyncAPIDocument(try contracts.get(), version: "1.2.3").json }
}
