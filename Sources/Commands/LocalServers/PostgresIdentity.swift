import Glibc

/// As whom Postgres runs, which refuses to run as root.
enum PostgresIdentity {
    /// For a new cluster in `directory`.
    ///
    /// Not root: as we are. Root: user `postgres` when it can reach the directory, else a user namespace in which root's files are its own.
    static func choose(for directory: String) async throws(LocalServerError) -> ChildProcess.Identity {
        guard geteuid() == 0 else { return .current }
        let user = account()
        if let user, reaches(directory, user) { return .user(uid: user.uid, gid: user.gid) }
        let mapped = mapped(user)
        let probe = try? await ChildProcess.run(.init("/bin/true", [], identity: mapped), limit: .seconds(5))
        guard probe?.status.isSuccess == true else {
            throw LocalServerError(
                .directory,
                "Postgres refuses to run as root, and user postgres cannot reach \(directory): "
                    + "choose another directory or run as a normal user")
        }
        return mapped
    }

    /// For an existing cluster: whoever made it.
    static func owner(of data: String) throws(LocalServerError) -> ChildProcess.Identity {
        var info = stat()
        guard stat(data, &info) == 0 else {
            throw LocalServerError(.directory, "cannot read \(data): \(systemMessage(errno))")
        }
        if geteuid() == 0 {
            return info.st_uid == 0 ? mapped(account()) : .user(uid: info.st_uid, gid: info.st_gid)
        }
        guard info.st_uid == geteuid() else {
            throw LocalServerError(.directory, "\(data) belongs to another user (uid \(info.st_uid))")
        }
        return .current
    }

    private static func mapped(_ user: (uid: UInt32, gid: UInt32)?) -> ChildProcess.Identity {
        .mapped(uid: user?.uid ?? 65534, gid: user?.gid ?? 65534)
    }

    private static func account() -> (uid: UInt32, gid: UInt32)? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwnam_r("postgres", &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return (entry.pw_uid, entry.pw_gid)
    }

    /// Whether the user may pass through every directory of the path.
    private static func reaches(_ path: String, _ user: (uid: UInt32, gid: UInt32)) -> Bool {
        let parts = path.split(separator: "/")
        for count in 0...parts.count {
            let prefix = "/" + parts.prefix(count).joined(separator: "/")
            var info = stat()
            guard stat(prefix, &info) == 0 else { return false }
            let bit: mode_t = info.st_uid == user.uid ? S_IXUSR : info.st_gid == user.gid ? S_IXGRP : S_IXOTH
            if info.st_mode & bit == 0 { return false }
        }
        return true
    }
}
