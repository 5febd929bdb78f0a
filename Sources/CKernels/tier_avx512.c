// The kernels for AVX-512.
#include "tier.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
#define TIER avx512
#define WIDTH 16
#define ROWS 8
#define FUSED 1
#include "tier.inc.h"
#pragma clang attribute pop
#endif
