import CCurl
import Synchronization

/// The options of one transfer. libcurl copies texts; lists live until `free`.
struct CurlOptions {
    private let curl: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// The first option that this libcurl does not take.
    private(set) var failure: CURLcode?

    init(_ curl: UnsafeMutableRawPointer) {
        self.curl = curl
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(flotilla_curl_set_long(curl, option, value)) }

    mutating func set(_ option: CURLoption, _ value: String) { note(flotilla_curl_set_text(curl, option, value)) }

    mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        note(flotilla_curl_set_pointer(curl, option, pointer))
    }

    mutating func set(_ option: CURLoption, _ values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                failure = failure ?? CURLE_OUT_OF_MEMORY
                break
            }
            list = longer
        }
        note(flotilla_curl_set_list(curl, option, list))
        if let list { lists.append(list) }
    }

    /// Reads the body from `upload`, which outlives the transfer; what the server answers is dropped.
    mutating func upload(_ upload: UnsafeMutablePointer<CurlUpload>) {
        note(
            flotilla_curl_set_transfer(curl, CURLOPT_READFUNCTION) { buffer, size, count, context in
                guard let buffer, let upload = context?.assumingMemoryBound(to: CurlUpload.self) else { return 0 }
                return upload.pointee.read(into: buffer, capacity: size * count)
            })
        set(CURLOPT_READDATA, pointer: upload)
        note(flotilla_curl_set_transfer(curl, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count })
    }

    /// Gives the transfer up when the flag, which outlives it, is set.
    mutating func stop(_ flag: StopFlag) {
        note(
            flotilla_curl_set_progress(curl) { context, _, _, _, _ in
                guard let context else { return 0 }
                let flag = Unmanaged<StopFlag>.fromOpaque(context).takeUnretainedValue()
                return flag.isSet.load(ordering: .relaxed) ? 1 : 0
            })
        set(CURLOPT_XFERINFODATA, pointer: Unmanaged.passUnretained(flag).toOpaque())
        set(CURLOPT_NOPROGRESS, 0)
    }

    /// After the transfer.
    mutating func free() {
        for list in lists { curl_slist_free_all(list) }
        lists.removeAll()
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK { failure = failure ?? code }
    }
}
