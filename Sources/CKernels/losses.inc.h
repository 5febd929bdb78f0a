// How far predictions are from their targets, and how many are right. Included once per instruction
// set, after kernels.inc.h.

// MARK: Losses

#define LOWEST_PROBABILITY 1e-7f
#define HIGHEST_PROBABILITY ((float)(1.0 - 1e-7))

INLINE v16 NAME(clip)(v16 p) {
  p = SELECT(p < LOWEST_PROBABILITY, ALL(LOWEST_PROBABILITY), p);
  return SELECT(p > HIGHEST_PROBABILITY, ALL(HIGHEST_PROBABILITY), p);
}

// 1 where clipping left p as it was, else 0: the derivative of clipping.
INLINE v16 NAME(unclipped)(v16 p) {
  return SELECT((p >= LOWEST_PROBABILITY) & (p <= HIGHEST_PROBABILITY), ALL(1.0f), ALL(0.0f));
}

INLINE float NAME(row_sum)(const float *p, int64_t cols) {
  v16 sums = {};
  EACH(cols, sums += LOAD(p + i););
  return NAME(sum_lanes)(sums);
}

INLINE float NAME(squared_error)(const float *p, const float *t, int64_t cols) {
  v16 sums = {};
  EACH(cols, {
    v16 d = LOAD(p + i) - LOAD(t + i);
    sums = FMA(d, d, sums);
  });
  return NAME(sum_lanes)(sums) / (float)cols;
}

INLINE float NAME(binary_crossentropy)(const float *p, const float *t, int64_t cols) {
  v16 sums = {};
  EACH(cols, {
    v16 q = NAME(clip)(LOAD(p + i)), target = LOAD(t + i);
    v16 term = target * NAME(log)(q) + (1.0f - target) * NAME(log)(1.0f - q);
    sums += NAME(first_lanes)(term, n, 0.0f);
  });
  return -NAME(sum_lanes)(sums) / (float)cols;
}

INLINE float NAME(crossentropy)(const float *p, const float *t, int64_t cols, float divisor) {
  v16 sums = {};
  EACH(cols, {
    v16 q = NAME(clip)(LOAD(p + i) / divisor);
    sums = FMA(LOAD(t + i), NAME(log)(q), sums);
  });
  return -NAME(sum_lanes)(sums);
}

// Of all rows at once: the probability of each target is gathered, then all logarithms are taken.
static void NAME(sparse_crossentropy)(const float *p, const float *t, float *each, int64_t rows,
                                      int64_t cols, int64_t normalize) {
  int misses = 0;
  for (int64_t r = 0; r < rows; r++, p += cols) {
    int is_class = t[r] >= 0 && t[r] < (float)cols;
    float divisor = normalize ? NAME(row_sum)(p, cols) : 1;
    each[r] = is_class ? p[(int64_t)t[r]] / divisor : 1;
    misses |= !is_class;
  }
  EACH(rows, STORE(each + i, -NAME(log)(NAME(clip)(LOAD(each + i)))););
  if (!misses) return;
  for (int64_t r = 0; r < rows; r++)
    if (!(t[r] >= 0 && t[r] < (float)cols)) each[r] = NAN;
}

// Of rows of one number each, which fill the vectors side by side.
static void NAME(binary_crossentropies)(const float *p, const float *t, float *each,
                                        int64_t rows) {
  EACH(rows, {
    v16 q = NAME(clip)(LOAD(p + i)), target = LOAD(t + i);
    v16 term = target * NAME(log)(q) + (1.0f - target) * NAME(log)(1.0f - q);
    STORE(each + i, -(term + (v16){}));
  });
}

static void NAME(loss)(const bs_call *c) {
  const float *p = c->p[0], *t = c->p[1];
  float *each = c->p[2];
  int64_t loss = c->n[0], rows = c->n[1], cols = c->n[2], normalize = c->n[3];
  if (loss == BS_SPARSE_CATEGORICAL_CROSSENTROPY) {
    NAME(sparse_crossentropy)(p, t, each, rows, cols, normalize);
  } else if (loss == BS_BINARY_CROSSENTROPY && cols == 1) {
    NAME(binary_crossentropies)(p, t, each, rows);
  } else {
    for (int64_t r = 0; r < rows; r++, p += cols, t += cols)
      switch (loss) {
        case BS_MEAN_SQUARED_ERROR: each[r] = NAME(squared_error)(p, t, cols); break;
        case BS_BINARY_CROSSENTROPY: each[r] = NAME(binary_crossentropy)(p, t, cols); break;
        default:
          each[r] = NAME(crossentropy)(p, t, cols, normalize ? NAME(row_sum)(p, cols) : 1);
          break;
      }
  }
  c->p[3][0] = NAME(row_sum)(each, rows) / (float)rows;
}

// With q = p/Σp and g = ∂loss/∂q: dp[i] = (g[i] - Σ_j g[j]·q[j]) / Σp.
INLINE void NAME(crossentropy_gradient)(const float *p, const float *t, float *dp, int64_t cols,
                                        float scale, int normalize) {
  v16 divisor = ALL(normalize ? NAME(row_sum)(p, cols) : 1);
  v16 sums = {};
  EACH(cols, {
    v16 q = LOAD(p + i) / divisor;
    v16 g = -scale * LOAD(t + i) / NAME(clip)(q) * NAME(unclipped)(q);
    STORE(dp + i, g);
    sums += NAME(first_lanes)(g * q, n, 0.0f);
  });
  if (!normalize) return;
  v16 total = ALL(NAME(sum_lanes)(sums));
  EACH(cols, STORE(dp + i, (LOAD(dp + i) - total) / divisor););
}

INLINE void NAME(sparse_crossentropy_gradient)(const float *p, float target, float *dp,
                                               int64_t cols, float scale, int normalize) {
  memset(dp, 0, sizeof(float) * (size_t)cols);
  if (!(target >= 0 && target < (float)cols)) return;
  float divisor = normalize ? NAME(row_sum)(p, cols) : 1;
  float q = p[(int64_t)target] / divisor;
  float g = -scale / NAME(clip)(ALL(q))[0] * NAME(unclipped)(ALL(q))[0];
  dp[(int64_t)target] = g;
  if (!normalize) return;
  float total = g * q;
  EACH(cols, STORE(dp + i, (LOAD(dp + i) - total) / divisor););
}

static void NAME(loss_gradient)(const bs_call *c) {
  const float *p = c->p[0], *t = c->p[1];
  float *dp = c->p[2];
  int64_t loss = c->n[0], rows = c->n[1], cols = c->n[2];
  int normalize = c->n[3] != 0;
  float per_row = 1.0f / (float)rows, per_element = 1.0f / (float)(rows * cols);
  switch (loss) {
    case BS_MEAN_SQUARED_ERROR:
      EACH(rows * cols, STORE(dp + i, 2 * per_element * (LOAD(p + i) - LOAD(t + i))););
      break;
    case BS_BINARY_CROSSENTROPY:
      EACH(rows * cols, {
        v16 raw = LOAD(p + i), target = LOAD(t + i), q = NAME(clip)(raw);
        v16 g = (1.0f - target) / (1.0f - q) - target / q;
        STORE(dp + i, g * NAME(unclipped)(raw) * per_element);
      });
      break;
    case BS_CATEGORICAL_CROSSENTROPY:
      for (int64_t r = 0; r < rows; r++)
        NAME(crossentropy_gradient)
      (p + r * cols, t + r * cols, dp + r * cols, cols, per_row, normalize);
      break;
    default:
      for (int64_t r = 0; r < rows; r++)
        NAME(sparse_crossentropy_gradient)
      (p + r * cols, t[r], dp + r * cols, cols, per_row, normalize);
      break;
  }
}

// MARK: Accuracies

INLINE int64_t NAME(first_largest)(const float *p, int64_t cols) {
  int64_t best = 0;
  for (int64_t i = 1; i < cols; i++)
    if (p[i] > p[best]) best = i;
  return best;
}

static void NAME(accuracy)(const bs_call *c) {
  const float *p = c->p[0], *t = c->p[1];
  int64_t rows = c->n[1], cols = c->n[2], right = 0;
  switch (c->n[0]) {
    case BS_BINARY_ACCURACY:
      for (int64_t i = 0; i < rows * cols; i++) right += (p[i] > c->f[0] ? 1.0f : 0.0f) == t[i];
      c->p[2][0] = (float)right / (float)cols;
      return;
    case BS_CATEGORICAL_ACCURACY:
      for (int64_t r = 0; r < rows; r++)
        right += NAME(first_largest)(p + r * cols, cols) == NAME(first_largest)(t + r * cols, cols);
      break;
    default:
      for (int64_t r = 0; r < rows; r++)
        right += (float)NAME(first_largest)(p + r * cols, cols) == t[r];
      break;
  }
  c->p[2][0] = (float)right;
}
