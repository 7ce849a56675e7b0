/// What is wrong with a token, in words that help its owner and tell a forger nothing.
enum TokenFailure: Error, Sendable {
    case malformed
    case tooLarge
    case wrongAlgorithm
    case missingKeyID
    /// Signed by a key that the fleet did not have at its last look.
    case unknownKey
    case badSignature
    case expired
    case notYetValid
    case wrongIssuer
    case missingClaim(String)
    case scheme

    /// Without quotes and line ends: it stands in a header.
    var explanation: String {
        switch self {
        case .malformed: "The token is not a well-formed JWT."
        case .tooLarge: "The token is larger than 4096 bytes."
        case .wrongAlgorithm: "The token must be signed with EdDSA."
        case .missingKeyID: "The token names no key (kid)."
        case .unknownKey: "The token names a key that is not known."
        case .badSignature: "The signature of the token is wrong."
        case .expired: "The token has expired."
        case .notYetValid: "The token is not valid yet."
        case .wrongIssuer: "The token was issued by someone else."
        case .missingClaim(let name): "The claim \(name) of the token is missing or malformed."
        case .scheme: "The Authorization header must be Bearer followed by one token."
        }
    }
}
