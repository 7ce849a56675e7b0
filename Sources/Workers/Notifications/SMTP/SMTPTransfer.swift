import CCurl
import Worker

/// One mail on its way to the server.
struct SMTPTransfer: Sendable {
    let settings: SMTPSettings
    let from: MailAddress
    let to: MailAddress
    let bytes: [UInt8]

    /// Blocks until the server has taken or refused it, or the time is over.
    func run(_ handle: CurlHandle, _ flag: StopFlag) -> DeliveryOutcome {
        Self.outcome(handle.perform(bytes, stop: flag, configure))
    }

    private func configure(_ options: inout CurlOptions) {
        options.set(CURLOPT_URL, "\(settings.url)/\(from.domain)")
        options.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        options.set(CURLOPT_UPLOAD, 1)
        options.set(CURLOPT_MAIL_FROM, "<\(from.address)>")
        options.set(CURLOPT_MAIL_RCPT, ["<\(to.address)>"])
        options.set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectLimit.milliseconds)
        options.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, settings.limit.milliseconds / 1_000))
        options.set(CURLOPT_TIMEOUT_MS, settings.limit.milliseconds)
        options.set(CURLOPT_USE_SSL, use)
        if let authorities = settings.authorities { options.set(CURLOPT_CAINFO, authorities) }
        if let user = settings.user, let password = settings.password {
            options.set(CURLOPT_USERNAME, user)
            options.set(CURLOPT_PASSWORD, password)
        }
    }

    private var use: Int {
        switch settings.encryption {
        case .required: Int(CURLUSESSL_ALL.rawValue)
        case .opportunistic: Int(CURLUSESSL_TRY.rawValue)
        case .off: Int(CURLUSESSL_NONE.rawValue)
        }
    }

    /// A 5xx is for ever when it is about this mail: about its sender or recipient, or after all of it was seen. One to the
    /// greeting, the login or the encryption is about the connection, and another day's will be another.
    static func outcome(_ ending: CurlHandle.Ending) -> DeliveryOutcome {
        guard let failure = ending.failure else { return .sent }
        let reason = ending.status > 0 ? "\(ending.status): \(failure.text)" : failure.text
        let isAboutMail = failure.code == CURLE_SEND_ERROR || ending.isSent
        // 530, 534, 535, 538: to log in, first or otherwise (RFC 4954, section 6).
        let isAboutLogin = [530, 534, 535, 538].contains(ending.status)
        guard (500...599).contains(ending.status), isAboutMail, !isAboutLogin, !failure.isAboutConnection else {
            return .failed(reason: reason)
        }
        return .refused(reason: reason)
    }
}

extension Duration {
    var milliseconds: Int { Int(self / .milliseconds(1)) }
}
