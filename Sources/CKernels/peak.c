// The most multiply-adds this processor does: independent chains that live in registers. Only the
// benchmarks call it, to say what share of the peak a kernel reaches.
#include "ckernels.h"

#include <string.h>

#define CHAINS_16(OP) OP(0) OP(1) OP(2) OP(3) OP(4) OP(5) OP(6) OP(7) OP(8) OP(9) OP(10) OP(11)
#define DECLARE(i) V a##i = {0};
#define STEP(i) a##i = a##i * x + y;
#define GATHER(i) total += a##i;

#define PEAK(name, lanes, attribute)                                                              \
  attribute static float name(int64_t rounds, float seed) {                                       \
    _Pragma("clang fp contract(fast)") typedef float V __attribute__((vector_size(lanes * 4)));   \
    V x = {0}, y = {0};                                                                           \
    x += seed;                                                                                    \
    y += 1 - seed;                                                                                \
    CHAINS_16(DECLARE)                                                                            \
    for (int64_t i = 0; i < rounds; i++) { CHAINS_16(STEP) }                                      \
    V total = {0};                                                                                \
    CHAINS_16(GATHER)                                                                             \
    return total[0];                                                                              \
  }

#if defined(__x86_64__)
PEAK(peak_avx512, 16, __attribute__((target("avx512f"))))
PEAK(peak_avx2, 8, __attribute__((target("avx2,fma"))))
#endif
PEAK(peak_base, 4, )

double bs_peak_flops(int64_t rounds, float *_Nonnull sink) {
  int lanes = 4;
  const char *tier = bs_tier();
#if defined(__x86_64__)
  if (!strcmp(tier, "avx512")) {
    *sink = peak_avx512(rounds, 0.5f);
    lanes = 16;
  } else if (!strcmp(tier, "avx2")) {
    *sink = peak_avx2(rounds, 0.5f);
    lanes = 8;
  } else {
    *sink = peak_base(rounds, 0.5f);
  }
#else
  (void)tier;
  *sink = peak_base(rounds, 0.5f);
#endif
  return (double)rounds * 12 * lanes * 2;
}
