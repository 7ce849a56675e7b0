/// Why an announcement, or one endpoint of it, gets no route.
struct AnnouncementFault: Error, Sendable, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
