// What Swift cannot call by itself: variadic functions and headers that the C library's module leaves out.
#ifndef C_BATON_SYSTEM_H
#define C_BATON_SYSTEM_H

#include <stdint.h>

/// The magic number of the file system that holds a path; 0 if it cannot be told.
int64_t baton_file_system_type(const char *path);

/// Makes this process the parent of its orphaned descendants; 0 if it is.
int baton_adopt_orphans(void);

#endif
