// The thread pool under the kernels.
#ifndef BACKSTEP_POOL_H
#define BACKSTEP_POOL_H

#include "ckernels.h"

#endif
