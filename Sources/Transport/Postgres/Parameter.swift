public import FoundationEssentials

/// A value bound to `$1`, `$2`, … of a statement, sent in Postgres' binary format.
///
/// The case decides the type that the statement is prepared with: `int` is `bigint`, `text` is `text`, `json` is `json`.
/// Postgres converts on assignment (`bigint` into an `int` column, `json` into a `jsonb` one); in an expression write the
/// cast, for example `headers || $1::jsonb` or `$2::order_status`.
public enum Parameter: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case uuid(UUID)
    case text(String)
    /// `bytea`.
    case bytes([UInt8])
    /// JSON text as UTF-8, sent untouched.
    case json([UInt8])
    case jsonText(String)
    /// `timestamptz`: microseconds since 1970-01-01 00:00 UTC.
    case timestamp(Int64)

    case bools([Bool])
    case ints([Int64])
    case uuids([UUID])
    case texts([String])
    /// `bytea[]`.
    case byteses([[UInt8]])
    /// `json[]`, each element UTF-8.
    case jsons([[UInt8]])
    /// `timestamptz[]`, microseconds since 1970-01-01 00:00 UTC.
    case timestamps([Int64])
}

extension Parameter {
    public static func int(_ value: Int) -> Parameter { .int(Int64(value)) }

    public static func bool(_ value: Bool?) -> Parameter { value.map { .bool($0) } ?? .null }
    public static func int(_ value: Int64?) -> Parameter { value.map { .int($0) } ?? .null }
    public static func uuid(_ value: UUID?) -> Parameter { value.map { .uuid($0) } ?? .null }
    public static func text(_ value: String?) -> Parameter { value.map { .text($0) } ?? .null }
    public static func bytes(_ value: [UInt8]?) -> Parameter { value.map { .bytes($0) } ?? .null }
    public static func json(_ value: [UInt8]?) -> Parameter { value.map { .json($0) } ?? .null }
    public static func timestamp(_ value: Int64?) -> Parameter { value.map { .timestamp($0) } ?? .null }

    /// The type a statement is prepared with; 0 lets the server infer it.
    var oid: UInt32 {
        switch self {
        case .null: TypeOID.unknown
        case .bool: TypeOID.bool
        case .int: TypeOID.int8
        case .double: TypeOID.float8
        case .uuid: TypeOID.uuid
        case .text: TypeOID.text
        case .bytes: TypeOID.bytea
        case .json, .jsonText: TypeOID.json
        case .timestamp: TypeOID.timestamptz
        case .bools: TypeOID.boolArray
        case .ints: TypeOID.int8Array
        case .uuids: TypeOID.uuidArray
        case .texts: TypeOID.textArray
        case .byteses: TypeOID.byteaArray
        case .jsons: TypeOID.jsonArray
        case .timestamps: TypeOID.timestamptzArray
        }
    }
}
