/// What the ingress says of a caller where a contract asks for `callerDetails`; a client's own headers of these names are
/// dropped, like all of the fleet's.
public enum CallerDetail {
    /// The address that the request came from, as text; left out when it is not known.
    public static let client = "Flotilla-Client"
    /// What the client calls itself (`User-Agent`): printable ASCII, at most ``agentLimit`` bytes.
    public static let agent = "Flotilla-Agent"
    /// The session of the caller's token, a UUID; left out for tokens without one.
    public static let session = "Flotilla-Session"

    public static let agentLimit = 255
}
