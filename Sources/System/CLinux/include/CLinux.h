// The parts of Linux that the C library's Swift module leaves out or that Swift cannot call. No system header is
// included here: this module would otherwise define the C library's types a second time.
#pragma once
#include <stdint.h>

enum { FLOTILLA_READ = 1, FLOTILLA_WRITE = 2, FLOTILLA_HANGUP = 4 };

typedef struct {
    uint64_t tag;
    uint32_t readiness;  // FLOTILLA_READ | FLOTILLA_WRITE | FLOTILLA_HANGUP
} flotilla_event;

enum { FLOTILLA_EVENTS_AT_ONCE = 256 };

/// An epoll descriptor, or -1 and errno.
int flotilla_epoll_create(void);
/// A non-blocking eventfd, or -1 and errno.
int flotilla_eventfd(void);
/// Adds (0), modifies (1) or removes (2) a level-triggered descriptor; -1 and errno on failure.
int flotilla_epoll_control(int epoll, int operation, int fd, uint32_t interest, uint64_t tag);
/// Fills at most FLOTILLA_EVENTS_AT_ONCE events; their number, or -1 and errno.
int flotilla_epoll_wait(int epoll, flotilla_event *events, int timeout_ms);
/// Names the calling thread as tools such as `top -H` show it (15 bytes at most).
void flotilla_name_thread(const char *name);
/// Lets the calling thread give way to others: `steps` more of niceness, up to the last one, 19.
void flotilla_give_way(int steps);

/// Forces all of a file system to disk, by any open descriptor on it; -1 and errno on failure.
int flotilla_sync_filesystem(int fd);

/// A pipe whose ends are closed on exec; -1 and errno on failure.
int flotilla_pipe(int *read_end, int *write_end);
/// Adds "close every descriptor from `first` on" to a `posix_spawn_file_actions_t`; an errno value on failure.
int flotilla_spawn_close_from(void *file_actions, int first);
