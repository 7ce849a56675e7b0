import Contracts
import Documents

/// The documents of the API as bytes, made when the contracts are known and not when somebody asks.
struct APIDocuments: Sendable {
    let openAPI: [UInt8]
    let asyncAPI: [UInt8]

    /// - Parameter foreign: names of those that are services of others.
    init(_ contracts: ContractSet, foreign: Set<String> = [], version: String) {
        openAPI = OpenAPIDocument(contracts, foreign: foreign, version: version).encoded()
        asyncAPI = AsyncAPIDocument(contracts, foreign: foreign, version: version).encoded()
    }
}
