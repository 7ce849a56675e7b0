/// Lays the parameters of one statement out as libpq wants them: pointers, lengths and formats beside each other, all
/// values in one buffer that is used again by the next statement.
///
/// The formats are those of `src/backend/utils/adt/*.c`, functions `…recv`.
final class ParameterEncoder {
    private let bytes = ByteWriter(capacity: 4_096)
    private var offsets: [Int] = []
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    /// 1 = binary, as many as the longest list so far had.
    private var formats: [Int32] = []

    /// Calls `body` with values, lengths and formats, which are valid until it returns.
    func withEncoded<Result>(
        _ parameters: [Parameter],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        if parameters.isEmpty { return body(nil, nil, nil) }
        bytes.reset()
        offsets.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        for parameter in parameters {
            let start = bytes.count
            if case .null = parameter {
                offsets.append(-1)
            } else {
                append(parameter)
                offsets.append(start)
            }
            lengths.append(Int32(truncatingIfNeeded: bytes.count - start))
        }
        // The buffer may have moved while it grew: addresses are final only now.
        let base = UnsafeRawPointer(bytes.base)
        for offset in offsets {
            values.append(offset < 0 ? nil : (base + offset).assumingMemoryBound(to: CChar.self))
        }
        while formats.count < parameters.count { formats.append(1) }
        return values.withUnsafeBufferPointer { values in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }

    private func append(_ parameter: Parameter) {
        switch parameter {
        case .null: break
        case .bool(let value): bytes.append(UInt8(value ? 1 : 0))
        case .int(let value): bytes.append(value)
        case .double(let value): bytes.append(value.bitPattern)
        case .uuid(let value): bytes.append(value)
        case .text(let value), .jsonText(let value): bytes.append(value)
        case .bytes(let value), .json(let value): bytes.append(value)
        case .timestamp(let value): bytes.append(microsecondsSince1970: value)
        case .bools(let list): appendArray(list, of: TypeOID.bool) { bytes.append(UInt8($0 ? 1 : 0)) }
        case .ints(let list): appendArray(list, of: TypeOID.int8) { bytes.append($0) }
        case .uuids(let list): appendArray(list, of: TypeOID.uuid) { bytes.append($0) }
        case .texts(let list): appendVariable(list, of: TypeOID.text, length: \.utf8.count) { bytes.append($0) }
        case .byteses(let list): appendVariable(list, of: TypeOID.bytea, length: \.count) { bytes.append($0) }
        case .jsons(let list): appendVariable(list, of: TypeOID.json, length: \.count) { bytes.append($0) }
        case .timestamps(let list):
            appendArray(list, of: TypeOID.timestamptz) { bytes.append(microsecondsSince1970: $0) }
        }
    }

    /// Elements of one fixed size each.
    private func appendArray<Element>(_ list: [Element], of type: UInt32, _ append: (Element) -> Void) {
        let size: Int32 =
            switch type {
            case TypeOID.bool: 1
            case TypeOID.uuid: 16
            default: 8
            }
        appendHeader(count: list.count, of: type)
        for element in list {
            bytes.append(size)
            append(element)
        }
    }

    private func appendVariable<Element>(
        _ list: [Element], of type: UInt32, length: (Element) -> Int, _ append: (Element) -> Void
    ) {
        appendHeader(count: list.count, of: type)
        for element in list {
            bytes.append(Int32(truncatingIfNeeded: length(element)))
            append(element)
        }
    }

    /// `array_recv`: dimensions, whether there are NULLs, element type, then per dimension its size and lower bound.
    private func appendHeader(count: Int, of type: UInt32) {
        bytes.append(Int32(count == 0 ? 0 : 1))
        bytes.append(Int32(0))
        bytes.append(type)
        guard count > 0 else { return }
        bytes.append(Int32(truncatingIfNeeded: count))
        bytes.append(Int32(1))
    }
}
