// The thread pool under the kernels.
#ifndef BACKSTEP_POOL_H
#define BACKSTEP_POOL_H

#include <stdint.h>

/// Calls body(context, task) for each task in 0..<tasks, on as many threads as bs_set_threads says.
/// Runs on the calling thread alone when the pool is busy with another call.
void bs_parallel(int64_t tasks, void (*body)(const void *context, int64_t task),
                 const void *context);

#endif
