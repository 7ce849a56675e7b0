import Contracts

extension HTTPRoute {
    /// Whether this route would get requests that `other` answers when it is alone: it has the same method and shape,
    /// or a literal where the other one has a parameter. ``RouteTree`` prefers literals from left to right, and what it
    /// finds decides on the methods, too: hence any method of such a path takes them all.
    func takesRequests(of other: HTTPRoute) -> Bool {
        guard segments.count == other.segments.count else { return false }
        var wins: Bool?
        for (own, its) in zip(segments, other.segments) {
            switch (own, its) {
            case (.literal(let own), .literal(let its)): if own != its { return false }
            case (.literal, .parameter): wins = wins ?? true
            case (.parameter, .literal): wins = wins ?? false
            case (.parameter, .parameter): break
            }
        }
        return wins ?? (method == other.method)
    }

    /// Equal for routes that match the same requests.
    var shape: String {
        segments.reduce(into: method.rawValue) {
            if case .literal(let text) = $1 { $0 += "/" + text } else { $0 += "/{}" }
        }
    }
}
