// What Swift cannot call by itself: variadic functions and headers that the C library's module leaves out.
#ifndef C_BATON_SYSTEM_H
#define C_BATON_SYSTEM_H

#include <stdint.h>

/// The magic number of the file system that holds a path; 0 if it cannot be told.
int64_t baton_file_system_type(const char *path);

/// Makes this process the parent of its orphaned descendants; 0 if it is.
int baton_adopt_orphans(void);

/// Gives standard input, output and error something to be, where whoever started this process has closed them; else the next
/// file that is opened takes their place, and what is printed goes into it. Reading and writing them fails, as it would.
void baton_fill_standard_files(void);

/// Lets nobody but this process and root look into it: its memory, its environment, and a dump when it dies.
void baton_close_to_others(void);

/// Takes a variable out of the environment and overwrites its value, which `/proc` would show to children for ever.
void baton_forget_variable(const char *name);

/// How many files this process may have open; -1 if it cannot be told.
int64_t baton_open_file_limit(void);

/// How many files this process was handed by whoever started it, besides standard input, output and error: those that a child
/// would get too. 0 if it cannot be told.
int64_t baton_inherited_files(void);

/// Raises that limit to what this user may have, but to no more than `most`; returns what it is then.
int64_t baton_raise_open_file_limit(int64_t most);

/// What the kernel has counted for a child and for the children that it waited for itself.
struct baton_usage {
    int64_t cpu_microseconds;
    /// Of one process; after an exec never less than what it had before.
    int64_t peak_memory_bytes;
};

/// Tells what a child that has ended has used, and leaves it to whoever reaps it.
///
/// 1 if it is told, 0 if the child has not ended and there is no waiting, -1 if it cannot be told.
int baton_peek_usage(int pid, int may_wait, struct baton_usage *usage);

/// Opens a path that lies below a folder and has no link on its way; the file that is opened is closed by an exec.
///
/// -1 with errno, which is EXDEV where the path would lead out, and ELOOP where it has a link.
int baton_open_beneath(int folder, const char *path, int flags, unsigned int mode);

#endif
