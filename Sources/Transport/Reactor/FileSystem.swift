import CLinux

/// Calls about files that the C library's module does not offer to Swift. They block: not for the reactor's thread.
public enum FileSystem {
    /// Forces everything that was written to a file system to disk: many files at the price of a few.
    ///
    /// - Parameter descriptor: an open file or folder on it.
    /// - Returns: whether all of it is on disk; `errno` says why not.
    public static func sync(_ descriptor: Int32) -> Bool { flotilla_sync_filesystem(descriptor) == 0 }
}
