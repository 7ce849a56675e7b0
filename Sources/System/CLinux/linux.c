#define _GNU_SOURCE 1
#include "CLinux.h"

#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

int flotilla_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int flotilla_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int flotilla_epoll_control(int epoll, int operation, int fd, uint32_t interest, uint64_t tag) {
    static const int operations[] = {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL};
    struct epoll_event event = {.data.u64 = tag};
    if (interest & FLOTILLA_READ) event.events |= EPOLLIN;
    if (interest & FLOTILLA_WRITE) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, operations[operation], fd, &event);
}

int flotilla_epoll_wait(int epoll, flotilla_event *events, int timeout_ms) {
    struct epoll_event ready[FLOTILLA_EVENTS_AT_ONCE];
    int count = epoll_wait(epoll, ready, FLOTILLA_EVENTS_AT_ONCE, timeout_ms);
    for (int i = 0; i < count; i++) {
        uint32_t readiness = 0;
        if (ready[i].events & EPOLLIN) readiness |= FLOTILLA_READ;
        if (ready[i].events & EPOLLOUT) readiness |= FLOTILLA_WRITE;
        // After an error or hangup both directions are called ready, so that the next call reports the reason.
        if (ready[i].events & (EPOLLERR | EPOLLHUP)) readiness |= FLOTILLA_HANGUP | FLOTILLA_READ | FLOTILLA_WRITE;
        events[i] = (flotilla_event){.tag = ready[i].data.u64, .readiness = readiness};
    }
    return count;
}

void flotilla_name_thread(const char *name) {
    char shown[16] = {0};
    strncpy(shown, name, sizeof shown - 1);
    pthread_setname_np(pthread_self(), shown);
}

void flotilla_give_way(int steps) {
    // On Linux a thread's id stands for the thread alone here.
    int niceness = getpriority(PRIO_PROCESS, (id_t)gettid()) + steps;
    setpriority(PRIO_PROCESS, (id_t)gettid(), niceness > 19 ? 19 : niceness);
}

int flotilla_sync_filesystem(int fd) {
    return syncfs(fd);
}
