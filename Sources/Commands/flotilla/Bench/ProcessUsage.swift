import FoundationEssentials
import Glibc

/// What a process has used so far, from `/proc` (proc(5)).
struct ProcessUsage {
    /// User and system time of all its threads, in microseconds; the kernel counts in steps of 10 ms.
    let cpu_us: Int64
    /// When it began, in seconds since 1970, exact to 10 ms.
    let began: Double
    /// Resident memory in KiB, pages shared with other processes included.
    let resident_KiB: Int
    /// The part of it that is its own: no pages of files.
    let anonymous_KiB: Int

    /// Nil when there is no such process.
    init?(pid: Int32) {
        guard let fields = Self.fields(pid),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
            let sinceBoot = uptime.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        // The kernel's `btime` has whole seconds only.
        let boot = Date().timeIntervalSince1970 - sinceBoot
        guard fields.count > 20, let user = Int64(fields[12]), let system = Int64(fields[13]),
            let start = Double(fields[20])
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        cpu_us = Int64(Double(user + system) / ticks * 1_000_000)
        began = boot + start / ticks
        resident_KiB = Self.number("VmRSS:", in: status) ?? 0
        anonymous_KiB = Self.number("RssAnon:", in: status) ?? 0
    }

    /// CPU in microseconds of a process, of the children that it has, and of those that have ended.
    static func family_us(of pid: Int32) -> Int64 {
        guard let parent = fields(pid), parent.count > 14, let user = Int64(parent[13]), let system = Int64(parent[14])
        else { return 0 }
        let ended = Int64(Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK))) * 1_000_000)
        let children = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        return children.split(separator: " ").compactMap { Int32($0) }
            .reduce(ended + (ProcessUsage(pid: pid)?.cpu_us ?? 0)) { $0 + (ProcessUsage(pid: $1)?.cpu_us ?? 0) }
    }

    /// The fields of `stat` behind the name, which is in parentheses and may hold anything.
    private static func fields(_ pid: Int32) -> [Substring]? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        return stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
    }

    private static func number(_ name: String, in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    }
}
