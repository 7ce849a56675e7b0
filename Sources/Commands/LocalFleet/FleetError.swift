/// Why a fleet did not come up, in one line.
package struct FleetError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
