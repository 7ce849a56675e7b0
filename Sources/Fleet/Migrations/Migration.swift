import Crypto
import FoundationEssentials

/// One file of SQL, applied once.
struct Migration: Sendable, Equatable {
    /// `<folder>/NNNN_name.sql`, as it is recorded.
    let name: String
    let number: Int
    let sql: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    let checksum: String

    init(folder: String, file: String, contents: [UInt8]) throws(MigrationError) {
        name = "\(folder)/\(file)"
        guard let number = Self.number(of: file) else {
            throw MigrationError(file: name, "the name must look like 0001_what_it_does.sql")
        }
        guard let sql = String(validating: contents, as: UTF8.self) else {
            throw MigrationError(file: name, "is not UTF-8")
        }
        self.number = number
        self.sql = sql
        checksum = SHA256.hash(data: contents).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The number of a file called `NNNN_name.sql`, with a name of lower-case letters, digits and underscores.
    static func number(of file: String) -> Int? {
        guard file.hasSuffix(".sql") else { return nil }
        let stem = file.dropLast(4)
        let digits = stem.prefix(4)
        let rest = stem.dropFirst(4)
        guard digits.count == 4, digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            rest.first == "_", rest.count > 1, rest.utf8.allSatisfy(Self.isNameByte)
        else { return nil }
        return Int(digits)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// The SQL with `:login_role`, `:owner_role` and `:schema` replaced by quoted names.
    func rendered(_ names: SchemaNames) -> String {
        let tokens = [
            ":login_role": names.login.quoted, ":owner_role": names.owner.quoted, ":schema": names.schema.quoted,
        ]
        var output = ""
        var rest = Substring(sql)
        while let colon = rest.firstIndex(of: ":") {
            // A cast (`x::schema`) is no token.
            if rest[colon...].hasPrefix("::") {
                let next = rest.index(colon, offsetBy: 2)
                output += rest[..<next]
                rest = rest[next...]
                continue
            }
            let end =
                rest[rest.index(after: colon)...].firstIndex { !$0.utf8.allSatisfy(Self.isNameByte) } ?? rest.endIndex
            output += rest[..<colon]
            let word = String(rest[colon..<end])
            output += tokens[word] ?? word
            rest = rest[end...]
        }
        return output + rest
    }

    /// The line of a position that the server counted in characters of the rendered text.
    static func line(of position: Int, in sql: String) -> Int {
        sql.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" } + 1
    }
}

/// The names that belong to one worker. All come from its folder's name.
struct SchemaNames: Sendable {
    let worker: String

    var schema: String { worker }
    /// Owns the schema and what is in it, cannot log in.
    var owner: String { worker + "_owner" }
    /// Logs in; may read and write rows.
    var login: String { worker }
}

extension String {
    /// As an SQL identifier.
    var quoted: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// As an SQL string literal (`standard_conforming_strings` is on).
    var literal: String { "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'" }
}
