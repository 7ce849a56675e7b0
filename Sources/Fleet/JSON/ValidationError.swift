/// All that is wrong with a request, in the order in which it was found.
public struct ValidationError: Error, Sendable, Hashable {
    /// More than these are counted, not kept.
    public static let most = 20

    /// At least one, at most `most`.
    public private(set) var errors: [FieldError]
    /// How many more there were.
    public package(set) var omitted = 0

    public init(_ errors: [FieldError]) {
        self.errors = Array(errors.prefix(Self.most))
        omitted = errors.count - self.errors.count
    }

    package mutating func append(_ error: FieldError) {
        if errors.count < Self.most { errors.append(error) } else { omitted += 1 }
    }

    package mutating func append(_ inner: ValidationError, under prefix: String) {
        for error in inner.errors { append(FieldError(pointer: prefix + error.pointer, message: error.message)) }
        omitted += inner.omitted
    }
}

extension ValidationError: CustomStringConvertible {
    public var description: String {
        errors.map(\.description).joined(separator: "; ") + (omitted > 0 ? "; and \(omitted) more" : "")
    }
}
