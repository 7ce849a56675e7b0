import NIOHTTP1

extension Refusal {
    /// The refusal of bytes that NIO's decoder could not read; nil for errors of the socket.
    init?(decoding error: any Error) {
        guard let error = error as? HTTPParserError else { return nil }
        switch error {
        case .headerOverflow: self = .headerTooLarge
        case .invalidVersion: self = .malformed("This port speaks HTTP/1.1, with CRLF at the end of lines.")
        case .invalidMethod: self = .malformed("The method of the request is not known.")
        case .unexpectedContentLength, .invalidContentLength:
            self = .malformed("The length of the body is announced in a wrong or contradictory way.")
        case .invalidEOFState: self = .malformed("The request is incomplete.")
        default: self = .malformed("The request is not well-formed HTTP/1.1.")
        }
    }
}
