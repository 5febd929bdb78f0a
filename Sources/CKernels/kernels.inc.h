// Maps, softmax, dropout, the cell of the LSTM, updates, and what they are made of. Included once per
// instruction set, with TIER (its name), WIDTH (floats in a register) and FUSED (whether it has fused
// multiply-add: 0 no, 1 yes, 2 by a detour) defined.

#undef FMA
#if FUSED == 1
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#elif FUSED == 2
#define FMA(a, b, c) fused((a), (b), (c))
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

// MARK: Sixteen at a time

INLINE v16 NAME(load16)(const float *p, int n) {
  if (n == 16) return *(const v16_unaligned *)p;
#if WIDTH == 16
  return (v16)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif WIDTH == 8
  const int32_t *mask = lane_masks + 16 - n;
  v8 low = (v8)_mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)mask));
  v8 high = (v8)_mm256_maskload_ps(p + 8, _mm256_loadu_si256((const __m256i *)(mask + 8)));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  float part[16] = {0};
  for (int i = 0; i < n; i++) part[i] = p[i];
  return *(const v16_unaligned *)part;
#endif
}

INLINE void NAME(store16)(float *p, v16 v, int n) {
  if (n == 16) {
    *(v16_unaligned *)p = v;
    return;
  }
#if WIDTH == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif WIDTH == 8
  const int32_t *mask = lane_masks + 16 - n;
  _mm256_maskstore_ps(p, _mm256_loadu_si256((const __m256i *)mask),
                      (__m256)__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
  _mm256_maskstore_ps(p + 8, _mm256_loadu_si256((const __m256i *)(mask + 8)),
                      (__m256)__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
#else
  float part[16];
  *(v16_unaligned *)part = v;
  for (int i = 0; i < n; i++) p[i] = part[i];
#endif
}

#define LOAD(p) NAME(load16)((p), n)
#define STORE(p, v) NAME(store16)((p), (v), n)
// Taking 0 away, unlike adding it, leaves even -0 as it is, and costs nothing.
#define ALL(x) ((x) - (v16){})
#define SELECT(condition, a, b) \
  ((v16)(((i16)(condition) & (i16)(a)) | (~(i16)(condition) & (i16)(b))))

// Runs the statements for i = 0, 16, 32 … with n = 16, and once more with the n < 16 left over.
#define EACH(count, ...)                          \
  do {                                            \
    const int64_t count_ = (count);               \
    int64_t i = 0;                                \
    for (; i + 16 <= count_; i += 16) {           \
      enum { n = 16 };                            \
      __VA_ARGS__                                 \
    }                                             \
    if (i < count_) {                             \
      const int n = (int)(count_ - i);            \
      __VA_ARGS__                                 \
    }                                             \
  } while (0)

// The first n lanes of v, and `other` in the rest.
INLINE v16 NAME(first_lanes)(v16 v, int n, float other) {
  if (n == 16) return v;
  return SELECT(lane_numbers < ALL((float)n), v, ALL(other));
}

// The fixed tree in which sixteen lanes become one: 8 apart, then 4, 2, 1.
INLINE float NAME(sum_lanes)(v16 v) {
  v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
         __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

// The larger of a and b; a number that is none (NaN) wins, so that it is seen.
INLINE v16 NAME(larger)(v16 a, v16 b) { return SELECT((b > a) | (b != b), b, a); }

// The largest lane, if all are numbers.
INLINE float NAME(largest_lane)(v16 v) {
  v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  a = __builtin_elementwise_maxnum(a, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
  v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3);
  b = __builtin_elementwise_maxnum(b, __builtin_shufflevector(a, a, 4, 5, 6, 7));
  b = __builtin_elementwise_maxnum(b, __builtin_shufflevector(b, b, 2, 3, 0, 1));
  b = __builtin_elementwise_maxnum(b, __builtin_shufflevector(b, b, 1, 0, 3, 2));
  return b[0];
}

// MARK: Functions of a scalar

// eˣ = 2ⁿ·eʳ with n = round(x / ln 2), r = x - n·ln 2, and a polynomial of degree 6 for eʳ.
// Below the smallest normal number the result is 0.
INLINE v16 NAME(exp)(v16 x) {
  v16 clamped = SELECT(x > 88.8f, ALL(88.8f), x);
  clamped = SELECT(x < -87.0f, ALL(-87.0f), clamped);
  v16 shifted = FMA(clamped, ALL(1.44269504f), ALL(12582912.0f));  // 1.5·2²³ rounds to an integer
  v16 n = shifted - 12582912.0f;
  v16 r = FMA(n, ALL(-0.693359375f), clamped);
  r = FMA(n, ALL(2.12194440e-4f), r);
  v16 q = ALL(0x1.6db4e8p-10f);
  q = FMA(q, r, ALL(0x1.123bdep-7f));
  q = FMA(q, r, ALL(0x1.55545ep-5f));
  q = FMA(q, r, ALL(0x1.55548ep-3f));
  q = FMA(q, r, ALL(0.5f));
  v16 y = FMA(q * r, r, r) + 1.0f;
  // 2ⁿ in two factors, because 2¹²⁸ is no Float32.
  v16 half_scale = (v16)(((i16)shifted - 0x4b400000 + 126) << 23);
  y = y * half_scale * 2.0f;
  y = SELECT(x < -87.0f, ALL(0.0f), y);
  return SELECT(x > 88.72284f, ALL(INFINITY), y);
}

// ln x = e·ln 2 + ln(1+f), 1+f in [√½, √2); with s = f/(2+f):
// ln(1+f) = f - (f²/2 - s·(f²/2 + s²·(⅔ + s²·(⅖ + s²·(2/7 + s²·2/9))))).
INLINE v16 NAME(log)(v16 x) {
  i16 bits = (i16)x;
  i16 exponent = (bits - 0x3f3504f3) >> 23;
  v16 e = __builtin_convertvector(exponent, v16);
  v16 f = (v16)(bits - (exponent << 23)) - 1.0f;
  v16 s = f / (2.0f + f);
  v16 z = s * s;
  v16 r = FMA(z, ALL(2.0f / 9), ALL(2.0f / 7));
  r = FMA(z, r, ALL(0.4f));
  r = z * FMA(z, r, ALL(2.0f / 3));
  v16 h = 0.5f * f * f;
  v16 low = FMA(e, ALL(-2.12194440e-4f), s * (h + r));
  v16 y = FMA(e, ALL(0.693359375f), f - (h - low));
  y = SELECT(x == ALL(INFINITY), x, y);
  y = SELECT(x == 0.0f, ALL(-INFINITY), y);
  return SELECT((x < 0.0f) | (x != x), ALL(NAN), y);
}

// tanh x = x + x³·q(x²) for |x| < 0.65, else ±(1 - 2/(e^2|x| + 1)).
INLINE v16 NAME(tanh)(v16 x) {
  v16 size = (v16)((i16)x & 0x7fffffff);
  v16 z = x * x;
  v16 q = ALL(-0.005528633f);
  q = FMA(q, z, ALL(0.020483315f));
  q = FMA(q, z, ALL(-0.053692967f));
  q = FMA(q, z, ALL(0.13330899f));
  q = FMA(q, z, ALL(-0.33333263f));
  v16 small = FMA(x * z, q, x);
  v16 large = 1.0f - 2.0f / (NAME(exp)(size + size) + 1.0f);
  large = (v16)((i16)large | ((i16)x & (int32_t)0x80000000));
  return SELECT(size < 0.65f, small, large);
}

INLINE v16 NAME(apply)(int function, v16 x) {
  switch (function) {
    case BS_RELU: return SELECT(x < 0.0f, ALL(0.0f), x);
    case BS_SIGMOID: return 1.0f / (1.0f + NAME(exp)(-x));
    case BS_TANH: return NAME(tanh)(x);
    case BS_EXP: return NAME(exp)(x);
    default: return x;
  }
}

// d · f'(x), written in y = f(x). Where relu gave NaN the gradient passes, as PyTorch has it.
INLINE v16 NAME(times_derivative)(int function, v16 d, v16 y) {
  switch (function) {
    case BS_RELU: return SELECT(y <= 0.0f, ALL(0.0f), d);
    case BS_SIGMOID: return d * y * (1.0f - y);
    case BS_TANH: return d * (1.0f - y * y);
    case BS_EXP: return d * y;
    default: return d;
  }
}

// Runs CASE(f) with the function's number as a constant, so that each loop is specialized.
#define WITH_FUNCTION(function, CASE) \
  switch (function) {                 \
    case BS_RELU: CASE(BS_RELU); break;       \
    case BS_SIGMOID: CASE(BS_SIGMOID); break; \
    case BS_TANH: CASE(BS_TANH); break;       \
    case BS_EXP: CASE(BS_EXP); break;         \
    default: CASE(BS_LINEAR); break;          \
  }

// MARK: Maps

static void NAME(add_bias)(const bs_call *c) {
  const float *x = c->p[0], *b = c->p[1];
  float *y = c->p[2];
  int64_t rows = c->n[0], cols = c->n[1], ldx = c->n[2], ldy = c->n[3];
#define CASE(f)                                         \
  for (int64_t r = 0; r < rows; r++, x += ldx, y += ldy) \
  EACH(cols, STORE(y + i, NAME(apply)(f, LOAD(x + i) + LOAD(b + i)));)
  WITH_FUNCTION(c->n[4], CASE)
#undef CASE
}

// Four rows at a time into four lanes per column, in blocks of 256 rows whose sums are added in
// order: long columns keep their last digits. A block is read while it is near.
static void NAME(sum_rows)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t rows = c->n[0], cols = c->n[1], ld = c->n[2];
  EACH(cols, STORE(y + i, (v16){}););
  for (int64_t first = 0; first < rows; first += 256) {
    int64_t end = first + 256 < rows ? first + 256 : rows;
    EACH(cols, {
      int64_t r = first;
      v16 a0 = {}, a1 = {}, a2 = {}, a3 = {};
      for (; r + 4 <= end; r += 4) {
        const float *p = x + r * ld + i;
        a0 += LOAD(p);
        a1 += LOAD(p + ld);
        a2 += LOAD(p + 2 * ld);
        a3 += LOAD(p + 3 * ld);
      }
      for (; r < end; r++) a0 += LOAD(x + r * ld + i);
      STORE(y + i, LOAD(y + i) + ((a0 + a2) + (a1 + a3)));
    });
  }
}

static void NAME(map)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t rows = c->n[1], cols = c->n[2], ldx = c->n[3], ldy = c->n[4];
  if (ldx == cols && ldy == cols) cols *= rows, rows = 1;
#define CASE(f)                                         \
  for (int64_t r = 0; r < rows; r++, x += ldx, y += ldy) \
  EACH(cols, STORE(y + i, NAME(apply)(f, LOAD(x + i)));)
  WITH_FUNCTION(c->n[0], CASE)
#undef CASE
}

static void NAME(map_gradient)(const bs_call *c) {
  const float *y = c->p[0], *dy = c->p[1];
  float *dx = c->p[2];
  int64_t rows = c->n[1], cols = c->n[2], ldy = c->n[3], lddy = c->n[4], lddx = c->n[5];
  if (ldy == cols && lddy == cols && lddx == cols) cols *= rows, rows = 1;
#define CASE(f)                                                        \
  for (int64_t r = 0; r < rows; r++, y += ldy, dy += lddy, dx += lddx) \
  EACH(cols, STORE(dx + i, NAME(times_derivative)(f, LOAD(dy + i), LOAD(y + i)));)
  WITH_FUNCTION(c->n[0], CASE)
#undef CASE
}

static void NAME(product_gradient)(const bs_call *c) {
  const float *a = c->p[0], *b = c->p[1], *y = c->p[2];
  float *out = c->p[3];
  int64_t rows = c->n[1], cols = c->n[2], ld = c->n[3];
  int64_t step = cols;
  if (ld == cols) cols *= rows, rows = 1;
#define CASE(f)                                                                    \
  for (int64_t r = 0; r < rows; r++, a += step, b += step, y += step, out += ld)   \
  EACH(cols, STORE(out + i, NAME(times_derivative)(f, LOAD(a + i) * LOAD(b + i), LOAD(y + i)));)
  WITH_FUNCTION(c->n[0], CASE)
#undef CASE
}

static void NAME(add)(const bs_call *c) {
  const float *a = c->p[0], *b = c->p[1];
  float *y = c->p[2];
  EACH(c->n[0], STORE(y + i, LOAD(a + i) + LOAD(b + i)););
}

static void NAME(multiply)(const bs_call *c) {
  const float *a = c->p[0], *b = c->p[1];
  float *y = c->p[2];
  EACH(c->n[0], STORE(y + i, LOAD(a + i) * LOAD(b + i)););
}

static void NAME(transpose)(int64_t rows, int64_t columns, const float *from, int64_t from_row,
                            float *to, int64_t to_row);

static void NAME(swap_axes)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t outer = c->n[0], inner = c->n[1], cols = c->n[2];
  if (cols == 1) {
    NAME(transpose)(outer, inner, x, inner, y, outer);
    return;
  }
  for (int64_t t = 0; t < inner; t++)
    for (int64_t b = 0; b < outer; b++) {
      const float *from = x + (b * inner + t) * cols;
      float *to = y + (t * outer + b) * cols;
      EACH(cols, STORE(to + i, LOAD(from + i)););
    }
}

// MARK: Softmax

INLINE void NAME(softmax_row)(const float *x, float *y, int64_t cols) {
  v16 top = ALL(-INFINITY), sums = {};
  EACH(cols, top = NAME(larger)(top, NAME(first_lanes)(LOAD(x + i), n, -INFINITY)););
  v16 most = ALL(NAME(largest_lane)(top));
  EACH(cols, {
    v16 e = NAME(exp)(LOAD(x + i) - most);
    STORE(y + i, e);
    sums += NAME(first_lanes)(e, n, 0.0f);
  });
  v16 total = ALL(NAME(sum_lanes)(sums));
  EACH(cols, STORE(y + i, LOAD(y + i) / total););
}

static void NAME(softmax)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t rows = c->n[0], cols = c->n[1];
  if (cols > 16) {
    for (int64_t r = 0; r < rows; r++) NAME(softmax_row)(x + r * cols, y + r * cols, cols);
    return;
  }
  int n = (int)cols;
  for (int64_t r = 0; r < rows; r++, x += cols, y += cols) {
    v16 row = LOAD(x);
    v16 most = ALL(NAME(largest_lane)(NAME(first_lanes)(row, n, -INFINITY)));
    v16 e = NAME(exp)(row - most);
    STORE(y, e / ALL(NAME(sum_lanes)(NAME(first_lanes)(e, n, 0.0f))));
  }
}

static void NAME(softmax_gradient)(const bs_call *c) {
  const float *y = c->p[0], *dy = c->p[1];
  float *dx = c->p[2];
  int64_t rows = c->n[0], cols = c->n[1];
  for (int64_t r = 0; r < rows; r++, y += cols, dy += cols, dx += cols) {
    v16 sums = {};
    EACH(cols, sums = FMA(LOAD(dy + i), LOAD(y + i), sums););
    v16 total = ALL(NAME(sum_lanes)(sums));
    EACH(cols, STORE(dx + i, LOAD(y + i) * (LOAD(dy + i) - total)););
  }
}

// MARK: Dropout

// SplitMix64's finalizer: each bit of z moves about half of the bits of the result.
INLINE uint64_t NAME(mix)(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// Uniform numbers for eight positions: k = mix(mix(mix(seed + γ) ^ key + γ) ^ step + γ), then for
// position i the top 24 bits of mix(k + (i + 1)·γ), over 2²⁴; γ = 2⁶⁴ / golden ratio.
INLINE v8 NAME(uniform8)(uint64_t key, int64_t i) {
  const uint64_t gamma = 0x9e3779b97f4a7c15u;
  const u8 numbers = {1, 2, 3, 4, 5, 6, 7, 8};
  u8 z = (numbers + (uint64_t)i) * gamma + key;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z = z ^ (z >> 31);
  typedef int32_t i8 __attribute__((vector_size(32)));
  return __builtin_convertvector(__builtin_convertvector(z >> 40, i8), v8) * 0x1p-24f;
}

static void NAME(dropout)(const bs_call *c) {
  const float *x = c->p[0];
  float *mask = c->p[1], *y = c->p[2];
  const uint64_t gamma = 0x9e3779b97f4a7c15u;
  uint64_t key = NAME(mix)(c->env->seed + gamma);
  key = NAME(mix)((key ^ c->key) + gamma);
  key = NAME(mix)((key ^ (uint64_t)c->env->step) + gamma);
  float rate = c->f[0], scale = 1.0f / (1.0f - rate);
  EACH(c->n[0], {
    v8 low = NAME(uniform8)(key, i), high = NAME(uniform8)(key, i + 8);
    v16 u = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                    15);
    v16 m = SELECT(u < ALL(rate), ALL(0.0f), ALL(scale));
    STORE(mask + i, m);
    STORE(y + i, LOAD(x + i) * m);
  });
}

// MARK: LSTM

static void NAME(lstm_cell)(const bs_call *c) {
  const float *f = c->p[0], *before = c->p[1], *in = c->p[2], *g = c->p[3];
  float *out = c->p[4];
  EACH(c->n[0], STORE(out + i, FMA(LOAD(f + i), LOAD(before + i), LOAD(in + i) * LOAD(g + i))););
}

static void NAME(lstm_output)(const bs_call *c) {
  const float *o = c->p[0], *cell = c->p[1];
  float *tanh_c = c->p[2], *h = c->p[3];
  EACH(c->n[0], {
    v16 t = NAME(tanh)(LOAD(cell + i));
    STORE(tanh_c + i, t);
    STORE(h + i, LOAD(o + i) * t);
  });
}

static void NAME(lstm_cell_gradient)(const bs_call *c) {
  const float *dh = c->p[0], *o = c->p[1], *tanh_c = c->p[2], *next = c->p[3];
  float *dc = c->p[4];
  EACH(c->n[0], {
    v16 t = LOAD(tanh_c + i);
    v16 d = LOAD(dh + i) * LOAD(o + i) * (1.0f - t * t);
    STORE(dc + i, next ? d + LOAD(next + i) : d);
  });
}

// MARK: Updates

static void NAME(sgd)(const bs_call *c) {
  float *w = c->p[0], *v = c->p[2];
  const float *g = c->p[1];
  const v16 lr = ALL(c->env->learning_rate), momentum = ALL(c->f[0]);
  if (v == NULL || c->f[0] == 0) {
    EACH(c->n[0], STORE(w + i, LOAD(w + i) - lr * LOAD(g + i)););
  } else if (c->n[1]) {
    EACH(c->n[0], {
      v16 move = lr * LOAD(g + i), velocity = momentum * LOAD(v + i) - move;
      STORE(v + i, velocity);
      STORE(w + i, LOAD(w + i) + (momentum * velocity - move));
    });
  } else {
    EACH(c->n[0], {
      v16 velocity = momentum * LOAD(v + i) - lr * LOAD(g + i);
      STORE(v + i, velocity);
      STORE(w + i, LOAD(w + i) + velocity);
    });
  }
}

// βᵗ rounded once: repeated squaring in double.
INLINE float NAME(power)(float base, int64_t exponent) {
  double result = 1, square = base;
  for (; exponent > 0; exponent >>= 1, square *= square)
    if (exponent & 1) result *= square;
  return (float)result;
}

static void NAME(adam)(const bs_call *c) {
  float *w = c->p[0], *m = c->p[2], *v = c->p[3];
  const float *g = c->p[1];
  int64_t t = c->env->step + 1;
  float b1 = NAME(power)(c->f[0], t), b2 = NAME(power)(c->f[1], t);
  const v16 alpha = ALL(c->env->learning_rate * __builtin_sqrtf(1 - b2) / (1 - b1));
  const v16 epsilon = ALL(c->f[2]), rest1 = ALL(c->f[3]), rest2 = ALL(c->f[4]);
  EACH(c->n[0], {
    v16 gradient = LOAD(g + i), mean = LOAD(m + i), variance = LOAD(v + i);
    mean = mean + (gradient - mean) * rest1;
    variance = variance + (gradient * gradient - variance) * rest2;
    STORE(m + i, mean);
    STORE(v + i, variance);
    STORE(w + i, LOAD(w + i) - mean * alpha / (__builtin_elementwise_sqrt(variance) + epsilon));
  });
}

static void NAME(sum_squares)(const bs_call *c) {
  const float *x = c->p[0];
  v16 sums = {};
  EACH(c->n[0], {
    v16 value = LOAD(x + i);
    sums = FMA(value, value, sums);
  });
  c->p[1][0] = NAME(sum_lanes)(sums);
}

static void NAME(change_squares)(const bs_call *c) {
  const float *x = c->p[0];
  float *before = c->p[1];
  v16 changes = {}, sizes = {};
  EACH(c->n[0], {
    v16 value = LOAD(x + i), old = LOAD(before + i);
    v16 change = value - old;
    changes = FMA(change, change, changes);
    sizes = FMA(old, old, sizes);
    STORE(before + i, value);
  });
  c->p[2][0] = NAME(sum_lanes)(changes);
  c->p[2][1] = NAME(sum_lanes)(sizes);
}
