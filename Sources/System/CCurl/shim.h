#ifndef FLOTILLA_CCURL_H
#define FLOTILLA_CCURL_H

#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo take anything, which Swift cannot call: one function for each kind of value. */

static inline CURLcode flotilla_curl_set_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode flotilla_curl_set_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode flotilla_curl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode flotilla_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
    return curl_easy_setopt(curl, option, value);
}

typedef size_t (*flotilla_curl_transfer)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode flotilla_curl_set_transfer(CURL *curl, CURLoption option, flotilla_curl_transfer value) {
    return curl_easy_setopt(curl, option, value);
}

typedef int (*flotilla_curl_progress)(
    void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up);

static inline CURLcode flotilla_curl_set_progress(CURL *curl, flotilla_curl_progress value) {
    return curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, value);
}

static inline long flotilla_curl_response_code(CURL *curl) {
    long code = 0;
    return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
}

#endif
