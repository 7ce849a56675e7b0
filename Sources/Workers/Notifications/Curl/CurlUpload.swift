/// What is to be sent, and how much of it libcurl has taken.
struct CurlUpload {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    var isDone: Bool { offset == bytes.count }

    /// - Returns: how many bytes were put into `buffer`; 0 is the end.
    mutating func read(into buffer: UnsafeMutableRawPointer, capacity: Int) -> Int {
        let count = min(capacity, bytes.count - offset)
        guard count > 0, let start = bytes.baseAddress else { return 0 }
        buffer.copyMemory(from: start + offset, byteCount: count)
        offset += count
        return count
    }
}
