import Glibc

/// How much memory a fleet's Postgres may use for its pages: a quarter of the machine's, as its manual recommends
/// (https://www.postgresql.org/docs/15/runtime-config-resource.html), within limits. What is not touched is not taken.
enum PostgresMemory {
    private static let least_MB = 128
    private static let most_MB = 2_048

    static var settings: [String: String] {
        let machine_MB = (max(0, sysconf(Int32(_SC_PHYS_PAGES))) * max(0, sysconf(Int32(_SC_PAGESIZE)))) >> 20
        let shared_MB = min(most_MB, max(least_MB, machine_MB / 4))
        return ["shared_buffers": "\(shared_MB)MB", "effective_cache_size": "\(max(512, machine_MB / 2))MB"]
    }
}
