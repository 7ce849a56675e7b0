import FoundationEssentials
import Glibc

/// The simulator's memory on disk: one JSON line per ``Changes``, appended before the answer leaves.
///
/// A write reaches the page cache, so it survives the death of the process; only a power cut loses it. One process at a
/// time owns the file.
final class Journal {
    private let path: String
    private var descriptor: Int32
    private var length: off_t = 0
    private let encoder = JSONEncoder()

    /// Opens or creates the file and reads what it holds.
    ///
    /// A last line that was torn by a crash is cut off. Lines that later ones made superfluous are dropped when they
    /// are many.
    init(path: String, into ledger: Ledger, now: Int64) throws(StripeSimulatorError) {
        self.path = path
        descriptor = try Self.open(path, O_RDWR | O_CREAT | O_APPEND)
        encoder.outputFormatting = .withoutEscapingSlashes
        do throws(StripeSimulatorError) {
            let lines = try load(into: ledger)
            let live = ledger.snapshot(now: now)
            if lines > 1_000, lines > live.count * 2 { try rewrite(live) }
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Writes one line, or nothing: after a failed write the file is cut back to its last whole line.
    func append(_ changes: Changes) throws(StripeSimulatorError) {
        let line = try encode(changes)
        do throws(StripeSimulatorError) {
            try write(line, to: descriptor)
        } catch {
            _ = ftruncate(descriptor, length)
            throw error
        }
        length += off_t(line.count)
    }

    private func load(into ledger: Ledger) throws(StripeSimulatorError) -> Int {
        let bytes = try read()
        let decoder = JSONDecoder()
        var lines = 0
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines += 1
            do {
                ledger.apply(try decoder.decode(Changes.self, from: Data(bytes[start..<end])))
            } catch {
                // A crash tears only the end of the file; anything else is not ours to repair.
                guard end == bytes.endIndex - 1 else {
                    throw .stateFile(path: path, reason: "line \(lines) is not a line of this journal")
                }
                break
            }
            start = end + 1
        }
        if start < bytes.endIndex, ftruncate(descriptor, off_t(start)) != 0 { throw failure("cannot be cut back") }
        length = off_t(start)
        return lines
    }

    private func read() throws(StripeSimulatorError) -> [UInt8] {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw failure("cannot be read") }
        var offset: off_t = 0
        var bytes = [UInt8](repeating: 0, count: Int(size))
        while offset < size {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: Int(offset)), Int(size - offset), offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be read") }
            offset += off_t(count)
        }
        return bytes
    }

    /// Writes a new file beside the old one and puts it in its place.
    private func rewrite(_ portions: [Changes]) throws(StripeSimulatorError) {
        let next = path + ".next"
        let file = try Self.open(next, O_RDWR | O_CREAT | O_APPEND | O_TRUNC)
        var written: off_t = 0
        do throws(StripeSimulatorError) {
            for portion in portions {
                let line = try encode(portion)
                try write(line, to: file)
                written += off_t(line.count)
            }
            guard fsync(file) == 0, rename(next, path) == 0 else { throw failure("cannot be replaced") }
        } catch {
            _ = Glibc.close(file)
            throw error
        }
        _ = Glibc.close(descriptor)
        descriptor = file
        length = written
    }

    private func encode(_ changes: Changes) throws(StripeSimulatorError) -> [UInt8] {
        do {
            return Array(try encoder.encode(changes)) + [UInt8(ascii: "\n")]
        } catch {
            throw .stateFile(path: path, reason: "cannot encode a change: \(error)")
        }
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(StripeSimulatorError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be written") }
            offset += count
        }
    }

    private static func open(_ path: String, _ flags: Int32) throws(StripeSimulatorError) -> Int32 {
        let file = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .stateFile(path: path, reason: "cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            _ = Glibc.close(file)
            throw .stateFile(path: path, reason: "is in use by another simulator")
        }
        return file
    }

    private func failure(_ what: String) -> StripeSimulatorError {
        .stateFile(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }
}
