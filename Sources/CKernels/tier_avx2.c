// The kernels for AVX2 with fused multiply-add.
#include "tier.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), \
                             apply_to = function)
#define TIER avx2
#define WIDTH 8
#define ROWS 6
#define FUSED 1
#include "tier.inc.h"
#pragma clang attribute pop
#endif
