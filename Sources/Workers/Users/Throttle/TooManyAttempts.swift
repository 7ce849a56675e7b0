import Worker

extension ServiceError {
    /// 429: too often of late.
    /// - Parameter wait_s: until it may be tried again.
    static func tooManyAttempts(wait_s: Double) -> ServiceError {
        ServiceError(
            429, "too-many-attempts", "this was tried too often; try again later",
            retryAfter_s: Int(min(max(1, wait_s.rounded(.up)), 86_400)))
    }
}
