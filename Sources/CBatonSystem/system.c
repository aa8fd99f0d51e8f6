#include "CBatonSystem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void baton_fill_standard_files(void) {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
        // The lowest free one is this one.
        (void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
    }
}

void baton_close_to_others(void) {
#ifdef __linux__
    // Children are open again once they run a program of their own.
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#else
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
    limit.rlim_cur = 0;
    (void)setrlimit(RLIMIT_CORE, &limit);
#endif
}

void baton_forget_variable(const char *name) {
    char *value = getenv(name);
    if (value == NULL) return;
    // A loop that is not optimised away.
    for (volatile char *byte = value; *byte != 0; byte++) *byte = 0;
    (void)unsetenv(name);
}

int64_t baton_open_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    return limit.rlim_cur == RLIM_INFINITY ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int64_t baton_raise_open_file_limit(int64_t most) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    rlim_t wanted = limit.rlim_max < (rlim_t)most ? limit.rlim_max : (rlim_t)most;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    return baton_open_file_limit();
}

int64_t baton_inherited_files(void) {
#ifdef __linux__
    DIR *folder = opendir("/proc/self/fd");
#else
    DIR *folder = opendir("/dev/fd");
#endif
    if (folder == NULL) return 0;
    int64_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (descriptor <= STDERR_FILENO) continue;
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0) count++;
    }
    closedir(folder);
    return count;
}

#ifdef __linux__
#include <signal.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>

int64_t baton_file_system_type(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (int64_t)status.f_type : 0;
}

int baton_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int baton_peek_usage(int pid, int may_wait, struct baton_usage *usage) {
    // The C library's waitid cannot tell the usage, and its wait4 cannot leave the child to others.
    struct rusage counted;
    siginfo_t info;
    long result;
    do {
        info.si_pid = 0;
        result = syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOWAIT | (may_wait ? 0 : WNOHANG), &counted);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return -1;
    if (info.si_pid == 0) return 0;
    usage->cpu_microseconds =
        ((int64_t)counted.ru_utime.tv_sec + (int64_t)counted.ru_stime.tv_sec) * 1000000 +
        (int64_t)counted.ru_utime.tv_usec + (int64_t)counted.ru_stime.tv_usec;
    usage->peak_memory_bytes = (int64_t)counted.ru_maxrss * 1024;
    return 1;
}
#else
int64_t baton_file_system_type(const char *path) { return 0; }

int baton_adopt_orphans(void) { return -1; }

int baton_peek_usage(int pid, int may_wait, struct baton_usage *usage) { return -1; }
#endif

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int baton_open_beneath(int folder, const char *path, int flags, unsigned int mode) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned int)(flags | O_CLOEXEC);
    how.mode = flags & O_CREAT ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    // Where the kernel saw something move on the way, it wants to be asked again.
    for (int attempt = 0; attempt < 100; attempt++) {
        long file = syscall(SYS_openat2, folder, path, &how, sizeof how);
        if (file >= 0 || (errno != EAGAIN && errno != EINTR)) return (int)file;
    }
    return -1;
}
#else
#include <fcntl.h>

int baton_open_beneath(int folder, const char *path, int flags, unsigned int mode) {
    return openat(folder, path, flags | O_CLOEXEC | O_NOFOLLOW_ANY, mode);
}
#endif
