import CCurl

/// Why a transfer failed, as libcurl says it.
struct CurlFailure: Sendable {
    let code: CURLcode
    let text: String

    /// Says nothing about what was to be sent: the settings or the other side's certificate are at fault.
    var isAboutConnection: Bool {
        [
            CURLE_LOGIN_DENIED, CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_OPERATION_TIMEDOUT, CURLE_ABORTED_BY_CALLBACK,
        ].contains { $0 == code }
    }
}
