import Contracts
import JSON

extension Route {
    private static let noParameters = Array("{}".utf8)

    /// Path and query parameters as the bytes of a JSON object.
    ///
    /// A query parameter that is no member of the request goes along where the worker refuses it: with all else that is
    /// wrong, as over NATS.
    func parameters(of target: RequestTarget, path ranges: [Range<Int>]) throws(Refusal) -> [UInt8] {
        guard !ranges.isEmpty || !query.isEmpty || target.query != nil else { return Self.noParameters }
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        for (name, range) in zip(pathParameters, ranges) {
            writer.field(name, try Self.pathText(target.bytes[range], name))
        }
        try writeQuery(target, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func pathText(_ bytes: ArraySlice<UInt8>, _ name: String) throws(Refusal) -> String {
        let text: [UInt8]
        do throws(PercentDecoding.Failure) {
            text = try PercentDecoding.decode(bytes)
        } catch {
            throw .invalidTarget("The path parameter \(name) \(error.explanation).")
        }
        // Dot segments are resolved by clients; one that comes here is meant to confuse something (RFC 3986, section 5.2.4).
        guard text != [dot], text != [dot, dot] else {
            throw .invalidTarget("The path parameter \(name) is a dot segment.")
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let dot = UInt8(ascii: ".")

    private func writeQuery(_ target: RequestTarget, to writer: inout JSONWriter) throws(Refusal) {
        var given: Set<String> = []
        if let range = target.query, !range.isEmpty {
            for pair in target.bytes[range].split(separator: UInt8(ascii: "&")) {
                let equals = pair.firstIndex(of: UInt8(ascii: "="))
                let name = try Self.queryText(pair[..<(equals ?? pair.endIndex)], "A name")
                let parameter = query.first { $0.name == name }
                guard parameter != nil || closedMembers?.contains(name) == false else {
                    throw .invalidQuery("The query parameter \(name.echo) is not known here\(expectation).", name: name)
                }
                guard given.insert(name).inserted else {
                    throw .invalidQuery("The query parameter \(name) is given twice.", name: name)
                }
                let text = try Self.queryText(equals.map { pair[($0 + 1)...] } ?? [], "The parameter \(name)")
                writer.field(name, parameter?.value(text) ?? .string(text))
            }
        }
    }

    private var expectation: String {
        query.isEmpty ? ": there are none" : "; known are \(query.map(\.name).joined(separator: ", "))"
    }

    private static func queryText(_ bytes: ArraySlice<UInt8>, _ what: String) throws(Refusal) -> String {
        do throws(PercentDecoding.Failure) {
            return String(decoding: try PercentDecoding.decode(bytes, plusIsSpace: true), as: UTF8.self)
        } catch {
            throw .invalidQuery("\(what) in the query \(error.explanation).")
        }
    }
}
