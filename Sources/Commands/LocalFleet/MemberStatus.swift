/// What the supervisor knows about a member.
package struct MemberStatus: Sendable {
    package let name: String
    package let stage: Stage
    /// Nil while it does not run.
    package var pid: Int32?
    /// How often it was started again.
    package var restarts = 0
    /// Ends in a row without a healthy time between.
    package var failures = 0
    /// How it ended last, such as `exit code 78`.
    package var lastEnd: String?
    /// The last thing it said.
    package var lastLine: String?
}
