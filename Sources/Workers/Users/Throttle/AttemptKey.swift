import Crypto
import Worker

/// What tries are counted by: the SHA-256 of it, so that the table holds nobody's address.
enum AttemptKey {
    static func client(_ kind: String, _ visitor: Visitor) -> [UInt8]? {
        visitor.client.flatMap { IPAddress($0) }.map { hash(kind, $0.subscriber) }
    }

    static func account(_ kind: String, _ name: String) -> [UInt8] {
        hash(kind, ArraySlice(name.utf8))
    }

    static func pair(_ kind: String, _ name: String, _ visitor: Visitor) -> [UInt8] {
        let client = visitor.client.flatMap { IPAddress($0) }.map { Array($0.subscriber) } ?? []
        return hash(kind, ArraySlice(client + [0] + Array(name.utf8)))
    }

    private static func hash(_ kind: String, _ value: ArraySlice<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Array(kind.utf8) + [0] + value))
    }
}
