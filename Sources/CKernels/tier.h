// What the kernels of every instruction set start from. Each set is compiled in a file of its own,
// so that a build can compile them side by side.
#ifndef BACKSTEP_TIER_H
#define BACKSTEP_TIER_H

#include "ckernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "convolution.h"
#include "pool.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Sums and products mean what they say: fused multiply-add only where it is written.
#pragma STDC FP_CONTRACT OFF
// Vectors wider than a register are passed between inlined functions only.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define NAME(x) JOIN(x, TIER)

// Sixteen numbers: the unit in which every tier computes maps and reductions, whatever its
// registers hold, so that all sum in the same order. The second form may lie anywhere.
typedef float v16 __attribute__((vector_size(64)));
typedef float v16_unaligned __attribute__((vector_size(64), aligned(4)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef float v8 __attribute__((vector_size(32)));
typedef float v8_unaligned __attribute__((vector_size(32), aligned(4)));
typedef uint64_t u8 __attribute__((vector_size(64)));
typedef float v4 __attribute__((vector_size(16)));

// Where a masked load of n numbers finds its mask: at lane_masks + 16 - n.
__attribute__((unused)) static const int32_t lane_masks[32] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

static const v16 lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// The kernels of one instruction set, by number.
#define HIDDEN __attribute__((visibility("hidden")))
#if defined(__x86_64__)
extern const bs_kernel HIDDEN bs_table_base[BS_KERNEL_COUNT];
extern const bs_kernel HIDDEN bs_table_emulated[BS_KERNEL_COUNT];
extern const bs_kernel HIDDEN bs_table_avx2[BS_KERNEL_COUNT];
extern const bs_kernel HIDDEN bs_table_avx512[BS_KERNEL_COUNT];
#else
extern const bs_kernel HIDDEN bs_table_neon[BS_KERNEL_COUNT];
#endif

#endif
