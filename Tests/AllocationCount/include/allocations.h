// Counts the blocks of memory that the calling thread asks for: malloc and its kin, put before the C
// library's own where that is glibc.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdint.h>

/// The blocks that this thread has asked for so far, or -1 where they cannot be counted.
int64_t allocations(void);

/// Gives pages that were freed back to the system, where the C library keeps them.
void give_back_freed_pages(void);

#endif
