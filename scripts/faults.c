// Stands between SQLite and the C library, for scripts/faults: breaks or records what a program does to its journal.
//
// Counted are writes, truncations and syncs of files named journal.sqlite or journal.sqlite-wal, in the order in which they
// happen, over all threads. All by environment:
//   FAULT_AT=N FAULT_DO=kill|torn|eio|enospc|eio-once
//                                              what happens to the Nth: SIGKILL before it, SIGKILL after half of it, the
//                                              error then and from then on, or the error of this one alone
//   FAULT_TRACE=PATH                           appends each of them with its bytes and the monotonic time
//   FAULT_CLOCK=PATH                           the wall clock is so many seconds ahead as the file says at the moment, as
//                                              eight bytes
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static long count = 0, at = -1;
static int trace = -1;
static const char *deed = "";
static const volatile int64_t *ahead = 0;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULT_AT");
    if (text) at = atol(text);
    if (getenv("FAULT_DO")) deed = getenv("FAULT_DO");
    text = getenv("FAULT_TRACE");
    if (text) trace = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    text = getenv("FAULT_CLOCK");
    int clock = text ? open(text, O_RDONLY | O_CLOEXEC) : -1;
    if (clock < 0) return;
    void *place = mmap(0, sizeof *ahead, PROT_READ, MAP_SHARED, clock, 0);
    if (place != MAP_FAILED) ahead = place;
}

int clock_gettime(clockid_t which, struct timespec *moment) {
    int done = syscall(SYS_clock_gettime, which, moment);
    if (ahead && done == 0 && which == CLOCK_REALTIME) moment->tv_sec += *ahead;
    return done;
}

// 'd' for the database, 'w' for its log, 0 for all else.
static char kind(int fd) {
    if (at < 0 && trace < 0) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    if (!name) return 0;
    if (!strcmp(name, "/journal.sqlite")) return 'd';
    return strcmp(name, "/journal.sqlite-wal") ? 0 : 'w';
}

struct record {
    char what, file;
    char pad[6];
    int64_t offset, length, time;
};

static void note(char what, char file, int64_t offset, const void *bytes, int64_t length) {
    if (trace < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct record record = {what, file, {0}, offset, length, now.tv_sec * 1000000000LL + now.tv_nsec};
    syscall(SYS_write, trace, &record, sizeof record);
    if (bytes) syscall(SYS_write, trace, bytes, length);
}

// Whether it fails; does not return from a kill.
static int breaks(int fd, const void *bytes, size_t length, off64_t offset) {
    count += 1;
    if (at < 0 || count < at) return 0;
    if (!strcmp(deed, "eio-once")) {
        errno = EIO;
        return count == at;
    }
    if (!strcmp(deed, "eio") || !strcmp(deed, "enospc")) {
        errno = deed[1] == 'i' ? EIO : ENOSPC;
        return 1;
    }
    if (count == at) {
        if (!strcmp(deed, "torn") && bytes) syscall(SYS_pwrite64, fd, bytes, length / 2, offset);
        raise(SIGKILL);
        for (;;) pause();
    }
    return 0;
}

static ssize_t put(int fd, const void *bytes, size_t length, off64_t offset) {
    char file = kind(fd);
    if (!file) return syscall(SYS_pwrite64, fd, bytes, length, offset);
    pthread_mutex_lock(&turn);
    ssize_t done = -1;
    if (!breaks(fd, bytes, length, offset)) {
        note('w', file, offset, bytes, length);
        done = syscall(SYS_pwrite64, fd, bytes, length, offset);
    } else {
        note('e', file, 0, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return put(fd, bytes, length, offset); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return put(fd, bytes, length, offset); }

static int cut(int fd, off64_t length) {
    char file = kind(fd);
    if (!file) return syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&turn);
    int done = -1;
    if (!breaks(fd, 0, 0, 0)) {
        note('t', file, length, 0, 0);
        done = syscall(SYS_ftruncate, fd, length);
    } else {
        note('e', file, 0, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate64(int fd, off64_t length) { return cut(fd, length); }
int ftruncate(int fd, off_t length) { return cut(fd, length); }

static int flush(int fd, long call) {
    char file = kind(fd);
    if (!file) return syscall(call, fd);
    pthread_mutex_lock(&turn);
    int done = -1;
    if (!breaks(fd, 0, 0, 0)) {
        done = syscall(call, fd);
        // What is recorded as synced has been.
        if (done == 0) note('s', file, 0, 0, 0);
    } else {
        note('f', file, 0, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

int fdatasync(int fd) { return flush(fd, SYS_fdatasync); }
int fsync(int fd) { return flush(fd, SYS_fsync); }
