// What moves numbers: copies through strides, rows by number, functions along an axis, and draws.
// Included once per instruction set, after kernels.inc.h and product.inc.h.

// MARK: Through strides

// Visits the outer five axes of a box, the last of them fastest: RUN(x, y) for each.
#define EACH_RUN(c, x, y, RUN)                                            \
  do {                                                                    \
    const int64_t *extent = (c)->n, *xs = (c)->n + 6, *ys = (c)->n + 12;  \
    int64_t index[5] = {0};                                               \
    int axis = 0;                                                         \
    for (int a = 0; a < 6; a++)                                           \
      if (extent[a] <= 0) axis = -1;                                      \
    while (axis >= 0) {                                                   \
      RUN((x), (y), extent[5], xs[5], ys[5]);                             \
      for (axis = 4; axis >= 0; axis--) {                                 \
        if (++index[axis] < extent[axis]) {                               \
          (x) += xs[axis];                                                \
          (y) += ys[axis];                                                \
          break;                                                          \
        }                                                                 \
        index[axis] = 0;                                                  \
        (x) -= xs[axis] * (extent[axis] - 1);                             \
        (y) -= ys[axis] * (extent[axis] - 1);                             \
      }                                                                   \
    }                                                                     \
  } while (0)

INLINE void NAME(copy_run)(const float *x, float *y, int64_t count, int64_t xs, int64_t ys) {
  if (ys == 1 && xs == 1) {
    EACH(count, STORE(y + i, LOAD(x + i)););
  } else if (ys == 1 && xs == 0) {
    v16 value = ALL(x[0]);
    EACH(count, STORE(y + i, value););
  } else {
    for (int64_t i = 0; i < count; i++) y[i * ys] = x[i * xs];
  }
}

INLINE void NAME(add_run)(const float *x, float *y, int64_t count, int64_t xs, int64_t ys) {
  if (ys == 1 && xs == 1) {
    EACH(count, STORE(y + i, LOAD(y + i) + LOAD(x + i)););
  } else if (ys == 0 && xs == 1) {
    v16 sums = {};
    EACH(count, sums += LOAD(x + i););
    y[0] += NAME(sum_lanes)(sums);
  } else {
    for (int64_t i = 0; i < count; i++) y[i * ys] += x[i * xs];
  }
}

static void NAME(copy_strided)(const bs_call *c) {
  const float *x = c->p[0] ? c->p[0] : c->f;
  float *y = c->p[1];
  EACH_RUN(c, x, y, NAME(copy_run));
}

static void NAME(add_strided)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  EACH_RUN(c, x, y, NAME(add_run));
}

// MARK: Many products

static void NAME(batched_product)(const void *context, int64_t task) {
  const bs_call *c = context;
  const int64_t *s = c->n;
  int64_t m = s[0], n = s[1], k = s[2], at[3] = {0, 0, 0};
  for (int axis = 3; axis >= 0; axis--) {
    int64_t i = task % s[4 + axis];
    task /= s[4 + axis];
    for (int array = 0; array < 3; array++) at[array] += i * s[8 + 4 * array + axis];
  }
  bs_call one = {.p = {c->p[0] + at[0], c->p[1] + at[1], c->p[2] + at[2]}};
  const int64_t sizes[7] = {m, n, k, s[3], s[3] & BS_TRANSPOSE_A ? m : k,
                            s[3] & BS_TRANSPOSE_B ? k : n, n};
  memcpy(one.n, sizes, sizeof sizes);
  NAME(matmul)(&one);
}

static void NAME(batched_matmul)(const bs_call *c) {
  const int64_t *s = c->n;
  int64_t count = s[4] * s[5] * s[6] * s[7], flops = count * s[0] * s[1] * s[2];
  int is_sum = 0;  // whether several products meet in one place
  for (int axis = 0; axis < 4; axis++) is_sum |= s[16 + axis] == 0 && s[4 + axis] > 1;
  if (!is_sum && flops >= 500000 && count >= 2 * bs_threads()) {
    bs_parallel(count, NAME(batched_product), c);
  } else {
    for (int64_t task = 0; task < count; task++) NAME(batched_product)(c, task);
  }
}

// MARK: Rows by number

// The row that a number names, its fraction cut off; -1 when there is none.
INLINE int64_t NAME(named_row)(float number, int64_t rows, int64_t wraps) {
  if (wraps && number <= -1) number += (float)rows;
  return number > -1 && number < (float)rows ? (int64_t)number : -1;
}

static void NAME(gather)(const bs_call *c) {
  const float *x = c->p[0], *index = c->p[1];
  float *y = c->p[2];
  int64_t outer = c->n[0], rows = c->n[1], inner = c->n[2], count = c->n[3];
  for (int64_t o = 0; o < outer; o++, x += rows * inner)
    for (int64_t j = 0; j < count; j++, y += inner) {
      if (c->n[5]) {
        for (int64_t i = 0; i < inner; i++) {
          int64_t row = NAME(named_row)(*index++, rows, c->n[4]);
          y[i] = row < 0 ? NAN : x[row * inner + i];
        }
        continue;
      }
      int64_t row = NAME(named_row)(index[j], rows, c->n[4]);
      if (row < 0) {
        EACH(inner, STORE(y + i, ALL(NAN)););
      } else {
        const float *from = x + row * inner;
        EACH(inner, STORE(y + i, LOAD(from + i)););
      }
    }
}

static void NAME(scatter_add)(const bs_call *c) {
  const float *dy = c->p[0], *index = c->p[1];
  float *dx = c->p[2];
  int64_t outer = c->n[0], rows = c->n[1], inner = c->n[2], count = c->n[3];
  memset(dx, 0, sizeof(float) * (size_t)(outer * rows * inner));
  for (int64_t o = 0; o < outer; o++, dx += rows * inner)
    for (int64_t j = 0; j < count; j++, dy += inner) {
      if (c->n[5]) {
        for (int64_t i = 0; i < inner; i++) {
          int64_t row = NAME(named_row)(*index++, rows, c->n[4]);
          if (row >= 0) dx[row * inner + i] += dy[i];
        }
        continue;
      }
      int64_t row = NAME(named_row)(index[j], rows, c->n[4]);
      if (row < 0) continue;
      float *to = dx + row * inner;
      EACH(inner, STORE(to + i, LOAD(to + i) + LOAD(dy + i)););
    }
}

static void NAME(one_hot)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t rows = c->n[0], width = c->n[1], classes = c->n[2], counts = c->n[3];
  memset(y, 0, sizeof(float) * (size_t)(rows * classes));
  for (int64_t r = 0; r < rows; r++, x += width, y += classes)
    for (int64_t j = 0; j < width; j++) {
      int64_t class = NAME(named_row)(x[j], classes, 0);
      if (class >= 0) y[class] = counts ? y[class] + 1 : 1;
    }
}

// MARK: Along an axis

// What is taken away before exp: the largest, or 0 where that is infinite. Processors differ in
// which of -0 and 0 is the larger; adding 0 makes both 0.
INLINE v16 NAME(shift)(v16 most) {
  return SELECT((v16)((i16)most & 0x7fffffff) == ALL(INFINITY), ALL(0.0f), most) + 0.0f;
}

// ln Σ e^(x - shift) over `extent` numbers `stride` apart, for n neighbors at once.
INLINE v16 NAME(axis_log_sum)(const float *x, int64_t extent, int64_t stride, int n, v16 *shift) {
  v16 most = ALL(-INFINITY), sum = {};
  for (int64_t k = 0; k < extent; k++) most = NAME(larger)(most, LOAD(x + k * stride));
  *shift = NAME(shift)(most);
  for (int64_t k = 0; k < extent; k++) sum += NAME(exp)(LOAD(x + k * stride) - *shift);
  return NAME(log)(sum);
}

// The same over a row of neighbors.
INLINE v16 NAME(row_log_sum)(const float *x, int64_t cols, v16 *shift) {
  v16 top = ALL(-INFINITY), sums = {};
  EACH(cols, top = NAME(larger)(top, NAME(first_lanes)(LOAD(x + i), n, -INFINITY)););
  *shift = NAME(shift)(ALL(NAME(largest_lane)(top)));
  EACH(cols, sums += NAME(first_lanes)(NAME(exp)(LOAD(x + i) - *shift), n, 0.0f););
  return NAME(log)(ALL(NAME(sum_lanes)(sums)));
}

static void NAME(log_sum_exp)(const float *x, float *y, int64_t extent, int64_t inner) {
  v16 shift;
  if (inner == 1) {
    v16 sum = NAME(row_log_sum)(x, extent, &shift);
    y[0] = (shift + sum)[0];
    return;
  }
  EACH(inner, {
    v16 sum = NAME(axis_log_sum)(x + i, extent, inner, n, &shift);
    STORE(y + i, shift + sum);
  });
}

static void NAME(log_softmax)(const float *x, float *y, int64_t extent, int64_t inner) {
  v16 shift;
  if (inner == 1) {
    v16 sum = NAME(row_log_sum)(x, extent, &shift);
    EACH(extent, STORE(y + i, LOAD(x + i) - shift - sum););
    return;
  }
  EACH(inner, {
    v16 sum = NAME(axis_log_sum)(x + i, extent, inner, n, &shift);
    for (int64_t k = 0; k < extent; k++)
      STORE(y + k * inner + i, LOAD(x + k * inner + i) - shift - sum);
  });
}

static void NAME(axis_softmax)(const float *x, float *y, int64_t extent, int64_t inner) {
  if (inner == 1) {
    NAME(softmax_row)(x, y, extent);
    return;
  }
  EACH(inner, {
    v16 most = ALL(-INFINITY), sum = {};
    for (int64_t k = 0; k < extent; k++) most = NAME(larger)(most, LOAD(x + k * inner + i));
    for (int64_t k = 0; k < extent; k++) {
      v16 e = NAME(exp)(LOAD(x + k * inner + i) - most);
      STORE(y + k * inner + i, e);
      sum += e;
    }
    for (int64_t k = 0; k < extent; k++)
      STORE(y + k * inner + i, LOAD(y + k * inner + i) / sum);
  });
}

// The place of the largest or smallest, the first of several; what is no number comes before all.
static void NAME(place_of_extreme)(const float *x, float *y, int64_t extent, int64_t inner,
                                   float sign) {
  for (int64_t i = 0; i < inner; i++) {
    int64_t place = 0;
    float best = sign * x[i];
    for (int64_t k = 1; k < extent; k++) {
      float value = sign * x[k * inner + i];
      if (value > best || (value != value && best == best)) {
        best = value;
        place = k;
      }
    }
    y[i] = (float)place;
  }
}

// step 1 from the first number on, step -1 from the last one back.
static void NAME(cumulative_sum)(const float *x, float *y, int64_t extent, int64_t inner,
                                 int64_t step) {
  int64_t first = step > 0 ? 0 : extent - 1;
  EACH(inner, {
    v16 sum = {};
    for (int64_t k = 0; k < extent; k++) {
      int64_t at = (first + step * k) * inner + i;
      sum += LOAD(x + at);
      STORE(y + at, sum);
    }
  });
}

// Whether place a comes before place b in order: the smaller of sign · x first, of equal ones the
// first, what is no number last.
INLINE int NAME(comes_first)(const float *x, int64_t inner, float sign, float a, float b) {
  float u = sign * x[(int64_t)a * inner], v = sign * x[(int64_t)b * inner];
  if ((u != u) != (v != v)) return v != v;
  return u < v || (!(v < u) && a < b);
}

// Lets the place at the root of a heap sink below all that come after it.
static void NAME(sift)(const float *x, float *y, int64_t inner, float sign, int64_t root,
                       int64_t end) {
  for (int64_t child; (child = 2 * root + 1) < end; root = child) {
    if (child + 1 < end &&
        NAME(comes_first)(x, inner, sign, y[child * inner], y[(child + 1) * inner]))
      child++;
    if (!NAME(comes_first)(x, inner, sign, y[root * inner], y[child * inner])) return;
    float place = y[root * inner];
    y[root * inner] = y[child * inner];
    y[child * inner] = place;
  }
}

// The places in order of their numbers, by a heap, which needs no room of its own.
static void NAME(arg_sort)(const float *x, float *y, int64_t extent, int64_t inner, float sign) {
  for (int64_t i = 0; i < inner; i++, x++, y++) {
    for (int64_t k = 0; k < extent; k++) y[k * inner] = (float)k;
    for (int64_t k = extent / 2 - 1; k >= 0; k--) NAME(sift)(x, y, inner, sign, k, extent);
    for (int64_t end = extent - 1; end > 0; end--) {
      float last = y[end * inner];
      y[end * inner] = y[0];
      y[0] = last;
      NAME(sift)(x, y, inner, sign, 0, end);
    }
  }
}

static void NAME(along_axis)(const bs_call *c) {
  const float *x = c->p[0];
  float *y = c->p[1];
  int64_t outer = c->n[1], extent = c->n[2], inner = c->n[3];
  int is_reduced = c->n[0] >= BS_LOG_SUM_EXP && c->n[0] <= BS_ARG_MIN;
  for (int64_t o = 0; o < outer; o++) {
    switch (c->n[0]) {
      case BS_AXIS_SOFTMAX: NAME(axis_softmax)(x, y, extent, inner); break;
      case BS_LOG_SOFTMAX: NAME(log_softmax)(x, y, extent, inner); break;
      case BS_LOG_SUM_EXP: NAME(log_sum_exp)(x, y, extent, inner); break;
      case BS_ARG_MAX: NAME(place_of_extreme)(x, y, extent, inner, 1); break;
      case BS_ARG_MIN: NAME(place_of_extreme)(x, y, extent, inner, -1); break;
      case BS_CUMULATIVE_SUM: NAME(cumulative_sum)(x, y, extent, inner, 1); break;
      case BS_ARG_SORT: NAME(arg_sort)(x, y, extent, inner, 1); break;
      case BS_ARG_SORT_DOWN: NAME(arg_sort)(x, y, extent, inner, -1); break;
      default: NAME(cumulative_sum)(x, y, extent, inner, -1); break;
    }
    x += extent * inner;
    y += is_reduced ? inner : extent * inner;
  }
}

static void NAME(axis_softmax_gradient)(const float *y, const float *dy, float *dx, int64_t extent,
                                        int64_t inner) {
  EACH(inner, {
    v16 total = {};
    for (int64_t k = 0; k < extent; k++)
      total = FMA(LOAD(dy + k * inner + i), LOAD(y + k * inner + i), total);
    for (int64_t k = 0; k < extent; k++) {
      int64_t at = k * inner + i;
      STORE(dx + at, LOAD(y + at) * (LOAD(dy + at) - total));
    }
  });
}

static void NAME(log_softmax_gradient)(const float *y, const float *dy, float *dx, int64_t extent,
                                       int64_t inner) {
  if (inner == 1) {
    v16 sums = {};
    EACH(extent, sums += LOAD(dy + i););
    v16 total = ALL(NAME(sum_lanes)(sums));
    EACH(extent, STORE(dx + i, LOAD(dy + i) - NAME(exp)(LOAD(y + i)) * total););
    return;
  }
  EACH(inner, {
    v16 total = {};
    for (int64_t k = 0; k < extent; k++) total += LOAD(dy + k * inner + i);
    for (int64_t k = 0; k < extent; k++) {
      int64_t at = k * inner + i;
      STORE(dx + at, LOAD(dy + at) - NAME(exp)(LOAD(y + at)) * total);
    }
  });
}

static void NAME(log_sum_exp_gradient)(const float *x, const float *dy, const float *y, float *dx,
                                       int64_t extent, int64_t inner) {
  if (inner == 1) {
    v16 size = ALL(y[0]), slope = ALL(dy[0]);
    EACH(extent, STORE(dx + i, slope * NAME(exp)(LOAD(x + i) - size)););
    return;
  }
  EACH(inner, {
    v16 size = LOAD(y + i), slope = LOAD(dy + i);
    for (int64_t k = 0; k < extent; k++)
      STORE(dx + k * inner + i, slope * NAME(exp)(LOAD(x + k * inner + i) - size));
  });
}

static void NAME(along_axis_gradient)(const bs_call *c) {
  int64_t outer = c->n[1], extent = c->n[2], inner = c->n[3], whole = extent * inner;
  for (int64_t o = 0; o < outer; o++) {
    const float *kept = c->p[0] + o * whole;
    float *dx = c->p[2] + o * whole;
    switch (c->n[0]) {
      case BS_AXIS_SOFTMAX:
        NAME(axis_softmax_gradient)(kept, c->p[1] + o * whole, dx, extent, inner);
        break;
      case BS_LOG_SOFTMAX:
        NAME(log_softmax_gradient)(kept, c->p[1] + o * whole, dx, extent, inner);
        break;
      default:
        NAME(log_sum_exp_gradient)
        (kept, c->p[1] + o * inner, c->p[3] + o * inner, dx, extent, inner);
        break;
    }
  }
}

// MARK: Draws

INLINE v16 NAME(uniform16)(uint64_t key, int64_t i) {
  v8 low = NAME(uniform8)(key, i), high = NAME(uniform8)(key, i + 8);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// cos 2πv for v in [0, 1): the nearest quarter turn q says which of ±cos r, ±sin r it is, and
// |r| ≤ π/4, where the series are short.
INLINE v16 NAME(cosine_of_turn)(v16 v) {
  v16 shifted = v * 4.0f + 12582912.0f;  // 1.5·2²³ rounds to an integer
  v16 r = (v * 4.0f - (shifted - 12582912.0f)) * 1.57079633f;
  i16 quarter = (i16)shifted;
  v16 z = r * r;
  v16 cosine = FMA(z, ALL(1.0f / 40320), ALL(-1.0f / 720));
  cosine = FMA(z, cosine, ALL(1.0f / 24));
  cosine = FMA(z, cosine, ALL(-0.5f));
  cosine = FMA(z, cosine, ALL(1.0f));
  v16 sine = FMA(z, ALL(1.0f / 362880), ALL(-1.0f / 5040));
  sine = FMA(z, sine, ALL(1.0f / 120));
  sine = FMA(z, sine, ALL(-1.0f / 6));
  sine = FMA(r * z, sine, r);
  v16 size = SELECT((quarter & 1) != 0, sine, cosine);
  return SELECT(((quarter + 1) & 2) != 0, -size, size);
}

// √(-2 ln u)·cos 2πv, u and v the uniform numbers at 2i and 2i + 1 (Box & Muller, 1958).
INLINE v16 NAME(normal16)(uint64_t key, int64_t i) {
  v16 a = NAME(uniform16)(key, 2 * i), b = NAME(uniform16)(key, 2 * i + 16);
  v16 even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
                                     30);
  v16 odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29,
                                    31);
  v16 radius = __builtin_elementwise_sqrt(-2.0f * NAME(log)(1.0f - even));
  return radius * NAME(cosine_of_turn)(odd);
}

static void NAME(random)(const bs_call *c) {
  float *y = c->p[0];
  const uint64_t gamma = 0x9e3779b97f4a7c15u;
  uint64_t key = NAME(mix)(c->env->seed + gamma);
  key = NAME(mix)((key ^ c->key) + gamma);
  key = NAME(mix)((key ^ (uint64_t)c->env->step) + gamma);
  const v16 first = ALL(c->f[0]), second = ALL(c->f[1]);
  switch (c->n[0]) {
    case BS_UNIFORM:
      EACH(c->n[1], STORE(y + i, FMA(second - first, NAME(uniform16)(key, i), first)););
      break;
    case BS_NORMAL:
      EACH(c->n[1], STORE(y + i, FMA(second, NAME(normal16)(key, i), first)););
      break;
    default:
      EACH(c->n[1],
           STORE(y + i, SELECT(NAME(uniform16)(key, i) < first, ALL(1.0f), ALL(0.0f))););
      break;
  }
}
