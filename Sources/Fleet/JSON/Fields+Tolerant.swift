extension Fields {
    /// Throws all that was noted, but takes members that nobody asked for: for documents whose writers may add some, such
    /// as events.
    public func finishIgnoringUnknown() throws(ValidationError) {
        guard problems.errors.isEmpty else { throw problems }
    }
}
