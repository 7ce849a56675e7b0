import CCrypt

#if canImport(Glibc)
    import Glibc
#endif

/// bcrypt as libxcrypt computes it. Each call blocks for as long as the cost says, about a quarter of a second at 12.
enum Bcrypt {
    static let costs = 4...31
    /// bcrypt looks at no more bytes of a password: longer ones are refused rather than cut.
    static let maxPasswordBytes = 72

    private static let prefix = "$2b$"
    /// `$2b$12$`, 22 characters of salt, 31 of the hash.
    private static let hashBytes = 60
    /// `sizeof(struct crypt_data)`, which is part of libxcrypt's ABI.
    private static let workspaceBytes = 32_768

    /// A hash with a new salt.
    /// - Throws: ``BcryptError`` for a password that bcrypt cannot take in full, or a cost that it does not know.
    static func hash(_ password: String, cost: Int) throws(BcryptError) -> String {
        guard takes(password) else { throw BcryptError(description: "the password is not 1 to 72 bytes without NUL") }
        guard let hash = crypt(password, setting: try setting(cost: cost)) else {
            throw BcryptError(description: "bcrypt failed")
        }
        return hash
    }

    /// Whether `hash` was made from `password`. Takes the same time for every hash of one cost, matching or not.
    /// - Returns: false for what is no hash, too.
    static func verify(_ password: String, against hash: String) -> Bool {
        guard takes(password), let computed = crypt(password, setting: hash) else { return false }
        return isEqual(Array(computed.utf8), Array(hash.utf8))
    }

    /// The cost a hash was made with; nil when it is no bcrypt hash.
    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count == hashBytes, parts.count == 4, parts[1].hasPrefix("2"), let cost = Int(parts[2]),
            costs.contains(cost)
        else { return nil }
        return cost
    }

    /// A hash that no password has, made at no cost: verifying against it takes as long as against a real one.
    static func unmatchable(cost: Int) throws(BcryptError) -> String {
        let setting = try setting(cost: cost)
        return setting + String(repeating: ".", count: hashBytes - setting.utf8.count)
    }

    private static func takes(_ password: String) -> Bool {
        (1...maxPasswordBytes).contains(password.utf8.count) && !password.utf8.contains(0)
    }

    private static func setting(cost: Int) throws(BcryptError) -> String {
        guard costs.contains(cost) else { throw BcryptError(description: "bcrypt has no cost \(cost)") }
        let made: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CRYPT_GENSALT_OUTPUT_SIZE)) {
            output in
            // Without bytes of ours libxcrypt takes the salt from the kernel's generator.
            crypt_gensalt_rn(prefix, UInt(cost), nil, 0, output.baseAddress, CRYPT_GENSALT_OUTPUT_SIZE)
                .map { String(cString: $0) }
        }
        guard let made else { throw BcryptError(description: "no salt could be made") }
        return made
    }

    private static func crypt(_ password: String, setting: String) -> String? {
        let workspace = UnsafeMutableRawBufferPointer.allocate(byteCount: workspaceBytes, alignment: 16)
        defer { workspace.deallocate() }
        guard let base = workspace.baseAddress else { return nil }
        explicit_bzero(base, workspaceBytes)
        defer { explicit_bzero(base, workspaceBytes) }
        return crypt_rn(password, setting, base, Int32(workspaceBytes)).map { String(cString: $0) }
    }

    /// Compares in a time that depends on the lengths only.
    private static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Why a password could not be hashed.
struct BcryptError: Error, CustomStringConvertible {
    let description: String
}
