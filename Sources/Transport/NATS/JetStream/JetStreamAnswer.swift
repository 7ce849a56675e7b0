import FoundationEssentials

/// An answer of the JetStream API: what was asked for, or an error inside the same JSON object.
enum JetStreamAnswer {
    private struct Failure: Decodable {
        struct Reason: Decodable {
            let code: Int
            let errorCode: Int?
            let description: String?

            private enum CodingKeys: String, CodingKey {
                case code
                case errorCode = "err_code"
                case description
            }
        }

        let error: Reason?
    }

    static func decode<Answer: Decodable>(_ data: Data) throws(NATSError) -> Answer {
        let decoder = JSONDecoder()
        do {
            if let reason = try decoder.decode(Failure.self, from: data).error {
                throw NATSError(
                    .jetStream(code: reason.code, errorCode: reason.errorCode ?? 0),
                    "JetStream: \(reason.description ?? "error \(reason.code)")")
            }
            return try decoder.decode(Answer.self, from: data)
        } catch {
            throw error as? NATSError
                ?? NATSError(.protocolViolation, "an answer of JetStream cannot be read: \(error)")
        }
    }
}

/// Any JSON value: configurations are compared and merged without knowing all of their fields.
enum JSONTree: Codable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    static func nanoseconds(_ duration: Duration) -> JSONTree { .integer(Int64(clamping: duration.nanoseconds)) }
}
