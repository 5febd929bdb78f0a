// Reductions along one axis of [outer, count, inner]. Included once per instruction set, after
// kernels.inc.h.

// One number from x and y, for the kinds that take numbers one after the other.
INLINE v16 NAME(combine)(int kind, v16 x, v16 y) {
  switch (kind) {
    case BS_REDUCE_MAXIMUM: return NAME(larger)(x, y);
    case BS_REDUCE_MINIMUM: return SELECT((y < x) | (y != y), y, x);
    case BS_REDUCE_PRODUCT: return x * y;
    default: return x + y;
  }
}

// What a reduction of no numbers gives.
INLINE float NAME(neutral)(int kind) {
  switch (kind) {
    case BS_REDUCE_MAXIMUM: return -INFINITY;
    case BS_REDUCE_MINIMUM: return INFINITY;
    case BS_REDUCE_PRODUCT: return 1;
    default: return 0;
  }
}

INLINE float NAME(combine_lanes)(int kind, v16 v) {
  if (kind <= BS_REDUCE_MEAN) return NAME(sum_lanes)(v);
  v16 y = v;
  y = NAME(combine)(kind, y, __builtin_shufflevector(y, y, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2,
                                                     3, 4, 5, 6, 7));
  y = NAME(combine)(kind, y, __builtin_shufflevector(y, y, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15,
                                                     8, 9, 10, 11));
  y = NAME(combine)(kind, y, __builtin_shufflevector(y, y, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9,
                                                     14, 15, 12, 13));
  return NAME(combine)(kind, y, __builtin_shufflevector(y, y, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10,
                                                        13, 12, 15, 14))[0];
}

// Numbers side by side: sixteen lanes, in blocks of 4096 that are added in order, so that long sums
// keep their last digits.
INLINE float NAME(reduce_line)(int kind, const float *x, int64_t count) {
  const float none = NAME(neutral)(kind);
  v16 total = ALL(none);
  for (int64_t first = 0; first < count; first += 4096) {
    int64_t block = count - first < 4096 ? count - first : 4096;
    v16 part = ALL(none);
    EACH(block, part = NAME(combine)(kind, part,
                                     NAME(first_lanes)(LOAD(x + first + i), n, none)););
    total = NAME(combine)(kind, total, part);
  }
  return NAME(combine_lanes)(kind, total);
}

// Numbers `inner` apart: sixteen neighbors at a time, in blocks of 256.
INLINE void NAME(reduce_columns)(int kind, const float *x, float *y, int64_t count, int64_t inner,
                                 float divisor) {
  const float none = NAME(neutral)(kind);
  EACH(inner, {
    v16 total = ALL(none);
    for (int64_t first = 0; first < count; first += 256) {
      int64_t last = first + 256 < count ? first + 256 : count;
      v16 part = ALL(none);
      for (int64_t k = first; k < last; k++)
        part = NAME(combine)(kind, part, LOAD(x + k * inner + i));
      total = NAME(combine)(kind, total, part);
    }
    STORE(y + i, total / divisor);
  });
}

#define WITH_REDUCTION(kind, CASE)                              \
  switch (kind) {                                               \
    case BS_REDUCE_MAXIMUM: CASE(BS_REDUCE_MAXIMUM); break;     \
    case BS_REDUCE_MINIMUM: CASE(BS_REDUCE_MINIMUM); break;     \
    case BS_REDUCE_PRODUCT: CASE(BS_REDUCE_PRODUCT); break;     \
    default: CASE(BS_REDUCE_SUM); break;                        \
  }

static void NAME(reduce)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t outer = c->n[1], count = c->n[2], inner = c->n[3];
  float divisor = c->n[0] == BS_REDUCE_MEAN ? (float)count : 1;
  for (int64_t o = 0; o < outer; o++, x += count * inner, y += inner) {
    if (inner == 1) {
#define CASE(kind) y[0] = NAME(reduce_line)(kind, x, count) / divisor
      WITH_REDUCTION(c->n[0], CASE)
#undef CASE
    } else {
#define CASE(kind) NAME(reduce_columns)(kind, x, y, count, inner, divisor)
      WITH_REDUCTION(c->n[0], CASE)
#undef CASE
    }
  }
}

// dx[k] = dy · (x[0] ⋯ x[k-1]) · (x[k+1] ⋯ x[n-1]), without a division: x may be 0.
INLINE void NAME(product_of_others)(const float *x, float dy, float *dx, int64_t count,
                                    int64_t inner) {
  float before = dy, after = 1;
  for (int64_t k = 0; k < count; k++) {
    dx[k * inner] = before;
    before *= x[k * inner];
  }
  for (int64_t k = count - 1; k >= 0; k--) {
    dx[k * inner] *= after;
    after *= x[k * inner];
  }
}

INLINE void NAME(share_among_equals)(const float *x, float y, float dy, float *dx, int64_t count,
                                     int64_t inner) {
  int64_t equal = 0;
  for (int64_t k = 0; k < count; k++) equal += x[k * inner] == y;
  float share = dy / (float)equal;
  for (int64_t k = 0; k < count; k++) dx[k * inner] = x[k * inner] == y ? share : 0.0f;
}

static void NAME(reduce_gradient)(const bs_call *c) {
  const float *x = c->p[0], *y = c->p[1], *dy = c->p[2];
  float *dx = c->p[3];
  int64_t outer = c->n[1], count = c->n[2], inner = c->n[3];
  float divisor = c->n[0] == BS_REDUCE_MEAN ? (float)count : 1;
  int64_t step = count * inner;
  for (int64_t o = 0; o < outer; o++, x += step, y += inner, dy += inner, dx += step) {
    if (c->n[0] > BS_REDUCE_MEAN) {
      for (int64_t i = 0; i < inner; i++) {
        if (c->n[0] == BS_REDUCE_PRODUCT)
          NAME(product_of_others)(x + i, dy[i], dx + i, count, inner);
        else
          NAME(share_among_equals)(x + i, y[i], dy[i], dx + i, count, inner);
      }
    } else if (inner == 1) {
      v16 share = ALL(dy[0] / divisor);
      EACH(count, STORE(dx + i, share););
    } else {
      for (int64_t k = 0; k < count; k++)
        EACH(inner, STORE(dx + k * inner + i, LOAD(dy + i) / divisor););
    }
  }
}
