#include "CBatonSystem.h"

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/vfs.h>

int64_t baton_file_system_type(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (int64_t)status.f_type : 0;
}

int baton_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
#else
int64_t baton_file_system_type(const char *path) { return 0; }

int baton_adopt_orphans(void) { return -1; }
#endif
