#define _GNU_SOURCE 1
#include "CLinux.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

int flotilla_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int flotilla_spawn_close_from(void *file_actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(file_actions, first);
}
