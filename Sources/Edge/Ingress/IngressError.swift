/// Why an ingress cannot start: one line for the operator.
package struct IngressError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
