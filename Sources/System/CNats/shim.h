#ifndef FLOTILLA_CNATS_H
#define FLOTILLA_CNATS_H

#include <nats/nats.h>
#include <stdbool.h>

/*
 * Two functions that libnats exports (3.4.1 to 3.13 with these signatures) but does not declare in its header. Weak, so that
 * a library without them still loads; the wrappers below then do without.
 */

typedef void (*flotilla_nats_filter)(natsConnection *connection, natsMsg **message, void *closure);

extern void natsConn_setFilterWithClosure(natsConnection *connection, flotilla_nats_filter filter, void *closure)
    __attribute__((weak));
extern void natsMsg_free(void *message) __attribute__((weak));

/*
 * Lets `filter` see each message before it is queued for its subscription, on the thread that reads; it may take the
 * message by clearing the pointer. natsSubscription_NextMsg() destroys "no responders" replies without saying whose they
 * were: with a filter they keep their subject.
 */
static inline bool flotilla_nats_set_filter(natsConnection *connection, flotilla_nats_filter filter, void *closure) {
    if (!natsConn_setFilterWithClosure) return false;
    natsConn_setFilterWithClosure(connection, filter, closure);
    return true;
}

/* natsMsg_Destroy() hands received messages to a thread that frees them: a wake-up for each. */
static inline void flotilla_nats_free_message(natsMsg *message) {
    if (natsMsg_free) natsMsg_free(message);
    else natsMsg_Destroy(message);
}

#endif
