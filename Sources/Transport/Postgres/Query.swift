/// A statement with its parameters.
public struct Query: Sendable {
    public let statement: Statement
    public let parameters: [Parameter]

    public init(_ statement: Statement, _ parameters: Parameter...) {
        self.init(statement, parameters: parameters)
    }

    public init(_ statement: Statement, parameters: [Parameter]) {
        self.statement = statement
        self.parameters = parameters
    }

    /// The number of parameters is 16 bits in the protocol.
    static let parameterLimit = 65_535
}
