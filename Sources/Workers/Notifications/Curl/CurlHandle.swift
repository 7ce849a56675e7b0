import CCurl

#if canImport(Glibc)
    import Glibc
#endif

/// One connection at a time through libcurl, kept from transfer to transfer. Calls block.
///
/// `@unchecked Sendable`: ``CurlPool`` gives it to one thread at a time.
final class CurlHandle: @unchecked Sendable {
    /// How a transfer ended.
    struct Ending: Sendable {
        /// Nil for a transfer that went well.
        let failure: CurlFailure?
        /// The last status of the server, 0 before there was one.
        let status: Int
        /// Whether all of the body was handed over.
        let isSent: Bool
    }

    private let curl: UnsafeMutableRawPointer
    private var errorText = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))

    private static let isPrepared = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Nil when libcurl has no memory.
    init?() {
        guard Self.isPrepared, let curl = curl_easy_init() else { return nil }
        self.curl = curl
    }

    deinit {
        curl_easy_cleanup(curl)
    }

    /// Makes one transfer.
    ///
    /// - Parameters:
    ///   - stop: looked at about once a second; gives the transfer up when it is set.
    ///   - configure: sets the options of the transfer; those of the one before are forgotten, its connection is not.
    func perform(
        _ body: [UInt8], stop: StopFlag, _ configure: (inout CurlOptions) -> Void
    ) -> Ending {
        curl_easy_reset(curl)
        var options = CurlOptions(curl)
        defer { options.free() }
        options.set(CURLOPT_NOSIGNAL, 1)
        configure(&options)
        return withExtendedLifetime(stop) {
            body.withUnsafeBytes { bytes in
                var upload = CurlUpload(bytes: bytes)
                return withUnsafeMutablePointer(to: &upload) { upload in
                    options.upload(upload)
                    options.stop(stop)
                    return run(&options, upload)
                }
            }
        }
    }

    private func run(_ options: inout CurlOptions, _ upload: UnsafeMutablePointer<CurlUpload>) -> Ending {
        errorText[0] = 0
        return errorText.withUnsafeMutableBufferPointer { text in
            options.set(CURLOPT_ERRORBUFFER, pointer: text.baseAddress)
            let code = options.failure ?? curl_easy_perform(curl)
            // The buffers end with this call, and the handle lives on.
            options.set(CURLOPT_ERRORBUFFER, pointer: nil)
            guard code != CURLE_OK else {
                return Ending(failure: nil, status: flotilla_curl_response_code(curl), isSent: true)
            }
            let detail = text.baseAddress.map { String(cString: $0) } ?? ""
            return Ending(
                failure: CurlFailure(
                    code: code, text: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail),
                status: flotilla_curl_response_code(curl), isSent: upload.pointee.isDone)
        }
    }
}
