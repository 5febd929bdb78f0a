// Chooses among the instruction sets that the kernels are compiled for.
#include "ckernels.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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

#if defined(__x86_64__)
#include "fused.h"

#define TIER base
#define WIDTH 4
#define ROWS 6
#define FUSED 0
#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
#undef TIER
#undef WIDTH
#undef ROWS
#undef FUSED

#define TIER emulated
#define WIDTH 4
#define ROWS 6
#define FUSED 2
#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
#undef TIER
#undef WIDTH
#undef ROWS
#undef FUSED

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TIER avx2
#define WIDTH 8
#define ROWS 6
#define FUSED 1
#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
#undef TIER
#undef WIDTH
#undef ROWS
#undef FUSED
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define TIER avx512
#define WIDTH 16
#define ROWS 8
#define FUSED 1
#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
#undef TIER
#undef WIDTH
#undef ROWS
#undef FUSED
#pragma clang attribute pop
#else
#define TIER neon
#define WIDTH 4
#define ROWS 8
#define FUSED 1
#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
#endif

typedef struct {
  const char *name;
  const bs_kernel *functions;
} bs_tier_table;

#if defined(__x86_64__)
static const bs_tier_table tiers[] = {{"emulated", table_emulated},
                                      {"base", table_base},
                                      {"avx2", table_avx2},
                                      {"avx512", table_avx512}};
#else
static const bs_tier_table tiers[] = {{"neon", table_neon}};
#endif

static int processor_runs(const bs_tier_table *tier) {
#if defined(__x86_64__)
  if (tier->functions == table_avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (tier->functions == table_avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  (void)tier;
  return 1;
}

// The tier of that name, if this processor runs it.
static const bs_tier_table *tier_named(const char *name) {
  for (int i = 0; i < (int)(sizeof tiers / sizeof tiers[0]); i++)
    if (strcmp(tiers[i].name, name) == 0 && processor_runs(&tiers[i])) return &tiers[i];
  return NULL;
}

static _Atomic(const bs_tier_table *) current = &tiers[0];

// The fastest comes last; BACKSTEP_KERNELS may name another.
__attribute__((constructor)) static void choose_tier(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  for (int i = 0; i < (int)(sizeof tiers / sizeof tiers[0]); i++)
    if (processor_runs(&tiers[i])) atomic_store(&current, &tiers[i]);
  const char *wanted = getenv("BACKSTEP_KERNELS");
  const bs_tier_table *found = wanted ? tier_named(wanted) : NULL;
  if (found) atomic_store(&current, found);
}

// Of one thread alone: others go on with the fastest.
static _Thread_local const bs_tier_table *forced;

static const bs_tier_table *tier_in_use(void) {
  return forced ? forced : atomic_load_explicit(&current, memory_order_relaxed);
}

bs_kernel bs_kernel_function(bs_kernel_id id) { return tier_in_use()->functions[id]; }

const char *bs_tier(void) { return tier_in_use()->name; }

int bs_force_tier(const char *name) {
  const bs_tier_table *found = tier_named(name);
  if (found) forced = found;
  return found != NULL;
}

void bs_flush_denormals(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);  // flush to zero, denormals are zero
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | (1 << 24)));
#endif
}
