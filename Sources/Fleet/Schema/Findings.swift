import JSON

/// The faults found in a value. Empty ones allocate nothing; beyond `ValidationError.most` they are counted only.
struct Findings {
    private var problems = ValidationError([])
    /// Kept apart, because they come last.
    private var unknown = ValidationError([])

    struct Mark {
        fileprivate let problems: Int
        fileprivate let unknown: Int
    }

    /// How far the findings have come.
    var mark: Mark { Mark(problems: problems.errors.count, unknown: unknown.errors.count) }

    /// Nil without a fault.
    var error: ValidationError? {
        guard !unknown.errors.isEmpty else { return problems.errors.isEmpty ? nil : problems }
        var all = problems
        all.append(unknown, under: "")
        return all
    }

    mutating func refuse(_ message: @autoclosure () -> String) {
        problems.note(FieldError(pointer: "", message: message()))
    }

    mutating func refuse(_ message: @autoclosure () -> String, at name: String) {
        problems.note(FieldError(pointer: "/" + name.pointerToken, message: message()))
    }

    mutating func noteUnknown(_ name: String) {
        unknown.note(FieldError(pointer: "/" + name.pointerToken, message: "unknown field"))
    }

    /// Puts a prefix before the pointers of all that was found since the mark.
    @inline(__always)
    mutating func move(since mark: Mark, under prefix: @autoclosure () -> String) {
        guard problems.errors.count > mark.problems || unknown.errors.count > mark.unknown else { return }
        let prefix = prefix()
        problems.move(from: mark.problems, under: prefix)
        unknown.move(from: mark.unknown, under: prefix)
    }
}

extension ValidationError {
    fileprivate mutating func note(_ error: @autoclosure () -> FieldError) {
        if errors.count < Self.most { append(error()) } else { omitted += 1 }
    }

    fileprivate mutating func move(from start: Int, under prefix: String) {
        guard start < errors.count else { return }
        let omitted = omitted
        var moved = ValidationError(Array(errors[..<start]))
        for error in errors[start...] {
            moved.append(FieldError(pointer: prefix + error.pointer, message: error.message))
        }
        moved.omitted = omitted
        self = moved
    }
}
