import Contracts
import Documents

/// The documents of the API as bytes, made when the contracts are known and not when somebody asks.
struct APIDocuments: Sendable {
    let openAPI: [UInt8]
    let asyncAPI: [UInt8]

    init(_ contracts: ContractSet, version: String) {
        openAPI = OpenAPIDocument(contracts, version: version).encoded()
        asyncAPI = AsyncAPIDocument(contracts, version: version).encoded()
    }
}
