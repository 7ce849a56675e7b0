import FoundationEssentials

/// Memory that grows, keeps what it has grown to, and takes values in network byte order.
///
/// Not Sendable: each one belongs to the code that made it.
final class ByteWriter {
    private(set) var base: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int
    private let initialCapacity: Int

    init(capacity: Int) {
        base = .allocate(byteCount: capacity, alignment: 8)
        self.capacity = capacity
        initialCapacity = capacity
    }

    deinit {
        base.deallocate()
    }

    /// Forgets what was written. Memory grown beyond `keeping` bytes is given back.
    func reset(keeping limit: Int = 1 << 20) {
        count = 0
        guard capacity > limit else { return }
        base.deallocate()
        base = .allocate(byteCount: initialCapacity, alignment: 8)
        capacity = initialCapacity
    }

    private func reserve(_ extra: Int) {
        let needed = count + extra
        guard needed > capacity else { return }
        let larger = max(needed, capacity * 2)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    func append<Value: FixedWidthInteger>(_ value: Value) {
        let size = MemoryLayout<Value>.size
        reserve(size)
        base.storeBytes(of: value.bigEndian, toByteOffset: count, as: Value.self)
        count += size
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    func append(_ text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
        if done == nil { append(Array(text.utf8)) }
    }

    func append(_ uuid: UUID) {
        withUnsafeBytes(of: uuid.uuid) { append($0) }
    }

    func append(microsecondsSince1970 value: Int64) {
        let (shifted, overflow) = value.subtractingReportingOverflow(TimestampEpoch.offset_us)
        // Int64.min is Postgres' own "-infinity", which is what a time before all representable ones is.
        append(overflow ? Int64.min : shifted)
    }
}
