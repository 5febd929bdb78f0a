// Chooses among the instruction sets that the kernels are compiled for.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tier.h"

typedef struct {
  const char *name;
  const bs_kernel *functions;
} bs_tier_table;

#if defined(__x86_64__)
static const bs_tier_table tiers[] = {{"emulated", bs_table_emulated},
                                      {"base", bs_table_base},
                                      {"avx2", bs_table_avx2},
                                      {"avx512", bs_table_avx512}};
#else
static const bs_tier_table tiers[] = {{"neon", bs_table_neon}};
#endif

static int processor_runs(const bs_tier_table *tier) {
#if defined(__x86_64__)
  if (tier->functions == bs_table_avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (tier->functions == bs_table_avx512)
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

int64_t bs_conv2d_scratch(const int64_t *n) {
  bs_sizes s = sizes_of(n);
  int64_t forward = padded_count(s);
  int64_t backward = kernel_count(s) + (turns_around(s) ? padded_count(backward_of(s)) : 0);
  return forward > backward ? forward : backward;
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

// Rows of a set of examples lie anywhere in memory: each is asked for some copies before its own, about
// as many lines ahead as a core waits for at once.
void bs_gather_rows(float *to, const float *from, const intptr_t *rows, int64_t count,
                    int64_t width) {
  enum { line = 64 / sizeof(float), waiting = 24 };
  if (width == 1) {
    for (int64_t i = 0; i < count; i++) to[i] = from[rows[i]];
    return;
  }
  int64_t lines = width / line + 1, ahead = lines < waiting ? waiting / lines : 1;
  for (int64_t i = 0; i < count; i++) {
    // Of longer rows the processor sees itself how they go on.
    if (i + ahead < count && lines <= 2 * waiting) {
      const float *next = from + rows[i + ahead] * width;
      for (int64_t at = 0; at < width; at += line) __builtin_prefetch(next + at);
    }
    memcpy(to + i * width, from + rows[i] * width, (size_t)width * sizeof(float));
  }
}
