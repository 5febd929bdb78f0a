// Matrix products. Included once per instruction set, after kernels.inc.h, with ROWS (of C held in
// registers at once) defined.
//
// A block of ROWS × PANEL elements of C stays in registers while k runs; each of its elements is
// one chain of fused multiply-adds in order of k. A is read where it lies; so is B when C has few
// rows, else it is copied panel by panel (DEPTH rows of PANEL columns) to the stack.

#define PANEL (2 * WIDTH)
#define DEPTH 512

typedef float NAME(vector) __attribute__((vector_size(4 * WIDTH)));
typedef float NAME(unaligned) __attribute__((vector_size(4 * WIDTH), aligned(4)));
#define VECTOR NAME(vector)

// A matrix of which element (i, j) lies at p[i·row + j·col]; a left factor may consist of several
// such, side by side, each a run further on than the one before (the rows of a window in an image).
typedef struct {
  const float *p;
  int64_t row, col;
  int64_t runs, run;
} NAME(matrix);

INLINE NAME(matrix) NAME(dense)(const float *p, int64_t row, int64_t col) {
  return (NAME(matrix)){p, row, col, 1, 0};
}

// MARK: One register's worth, or less

INLINE VECTOR NAME(load)(const float *p, int n) {
  if (n == WIDTH) return *(const NAME(unaligned) *)p;
#if WIDTH == 16
  return (VECTOR)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif WIDTH == 8
  return (VECTOR)_mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)(lane_masks + 16 - n)));
#else
  VECTOR v = {p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, n > 3 ? p[3] : 0};
  return v;
#endif
}

INLINE void NAME(store)(float *p, VECTOR v, int n) {
  if (n == WIDTH) {
    *(NAME(unaligned) *)p = v;
    return;
  }
#if WIDTH == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif WIDTH == 8
  _mm256_maskstore_ps(p, _mm256_loadu_si256((const __m256i *)(lane_masks + 16 - n)), (__m256)v);
#else
  for (int i = 0; i < n; i++) p[i] = v[i];
#endif
}

// MARK: A block in registers

// C[rows, vectors·WIDTH] (+)= A·B over k in each run of A, where the last vector has only `last`
// columns, and that of B `last_b`. The rows of A begin where `row` says. `rows` and `vectors` are
// constants where this is inlined.
INLINE void NAME(block)(const int rows, const int vectors, const int last, const int last_b,
                        int64_t k, NAME(matrix) a, const float *const *row, const float *b,
                        int64_t ldb, float *c, int64_t ldc, int accumulate) {
  VECTOR sum[ROWS + 1][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      sum[i][j] = accumulate ? NAME(load)(c + i * ldc + j * WIDTH, j == vectors - 1 ? last : WIDTH)
                             : (VECTOR){};
  for (int64_t r = 0, start = 0; r < a.runs; r++, start += a.run) {
    for (int64_t t = 0, at = start; t < k; t++, at += a.col, b += ldb) {
      VECTOR right[2];
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++)
        right[j] = NAME(load)(b + j * WIDTH, j == vectors - 1 ? last_b : WIDTH);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        VECTOR left = row[i][at] - (VECTOR){};
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) sum[i][j] = FMA(left, right[j], sum[i][j]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      NAME(store)(c + i * ldc + j * WIDTH, sum[i][j], j == vectors - 1 ? last : WIDTH);
}

// All rows of one panel, of at most PANEL columns. Fewer than two full blocks are cut in half, for
// a low block leaves the multipliers waiting.
#define BLOCK_OF(rows)                                                                           \
  case rows: NAME(block)(rows, vectors, last, last_b, k, a, row, b, ldb, c, ldc, accumulate); break;
INLINE void NAME(panel_of)(const int vectors, const int last, const int last_b, int64_t m,
                           int64_t k, NAME(matrix) a, const float *b, int64_t ldb, float *c,
                           int64_t ldc, int accumulate) {
  while (m > 0) {
    int64_t rows = m <= ROWS ? m : m < 2 * ROWS ? (m + 1) / 2 : ROWS;
    const float *row[ROWS];
#pragma clang loop unroll(full)
    for (int i = 0; i < ROWS; i++) row[i] = a.p + i * a.row;
    switch (rows) {
      BLOCK_OF(1) BLOCK_OF(2) BLOCK_OF(3) BLOCK_OF(4) BLOCK_OF(5) BLOCK_OF(6)
#if ROWS == 8
      BLOCK_OF(7) BLOCK_OF(8)
#endif
      default: break;
    }
    m -= rows;
    a.p += rows * a.row;
    c += rows * ldc;
  }
}

// A is passed by its address: copied to the stack it is read back wider than it was written, and
// that waits until the multiplications at hand are done.
static void NAME(panel)(int columns, int packed, int64_t m, int64_t k, const NAME(matrix) * left,
                        const float *b, int64_t ldb, float *c, int64_t ldc, int accumulate) {
  NAME(matrix) a = *left;
  int last = columns > WIDTH ? columns - WIDTH : columns;
  if (columns == PANEL)
    NAME(panel_of)(2, WIDTH, WIDTH, m, k, a, b, ldb, c, ldc, accumulate);
  else if (columns == WIDTH)
    NAME(panel_of)(1, WIDTH, WIDTH, m, k, a, b, ldb, c, ldc, accumulate);
  else if (columns > WIDTH && packed)
    NAME(panel_of)(2, last, WIDTH, m, k, a, b, ldb, c, ldc, accumulate);
  else if (columns > WIDTH)
    NAME(panel_of)(2, last, last, m, k, a, b, ldb, c, ldc, accumulate);
  else if (packed)
    NAME(panel_of)(1, last, WIDTH, m, k, a, b, ldb, c, ldc, accumulate);
  else
    NAME(panel_of)(1, last, last, m, k, a, b, ldb, c, ldc, accumulate);
}

// MARK: Rows that lie in several lines

// Rows of A that lie `fold` at a time in lines, each line `line` further on than the last: windows of
// an image of few columns, or places of a kernel over few channels. Row by row a block would be low.
typedef struct {
  int64_t fold, line;
} NAME(lines);

// All rows from `first` on of one panel. A row more fits where a panel is one vector: nine are the
// places of a kernel of 3 × 3.
INLINE void NAME(folded_of)(const int vectors, const int last, int64_t first, int64_t m, int64_t k,
                            NAME(matrix) a, NAME(lines) lines, const float *b, int64_t ldb,
                            float *c, int64_t ldc, int accumulate) {
  const int last_b = last, most = vectors == 1 ? ROWS + 1 : ROWS;
  int64_t column = first % lines.fold;
  const float *next = a.p + first / lines.fold * lines.line + column * a.row;
  while (m > 0) {
    int64_t rows = m <= most ? m : m < 2 * most ? (m + 1) / 2 : most;
    const float *row[ROWS + 1];
    for (int i = 0; i < rows; i++, next += a.row) {
      if (column == lines.fold) column = 0, next += lines.line - lines.fold * a.row;
      row[i] = next;
      column++;
    }
    switch (rows) {
      BLOCK_OF(1) BLOCK_OF(2) BLOCK_OF(3) BLOCK_OF(4) BLOCK_OF(5) BLOCK_OF(6)
#if ROWS == 8
      BLOCK_OF(7) BLOCK_OF(8) BLOCK_OF(9)
#else
      BLOCK_OF(7)
#endif
      default: break;
    }
    m -= rows;
    c += rows * ldc;
  }
}

// C[m,n] (+)= A·B, rows `first` to first + m of A, which lie in lines. B is read where it lies.
static void NAME(folded_product)(int64_t first, int64_t m, int64_t n, int64_t k,
                                 const NAME(matrix) * left, NAME(lines) lines, const float *b,
                                 float *c, int accumulate) {
  NAME(matrix) a = *left;
  for (int64_t j = 0; j < n; j += PANEL) {
    int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    if (columns == PANEL)
      NAME(folded_of)(2, WIDTH, first, m, k, a, lines, b + j, n, c + j, n, accumulate);
    else if (columns > WIDTH)
      NAME(folded_of)(2, columns - WIDTH, first, m, k, a, lines, b + j, n, c + j, n, accumulate);
    else if (columns == WIDTH)
      NAME(folded_of)(1, WIDTH, first, m, k, a, lines, b + j, n, c + j, n, accumulate);
    else
      NAME(folded_of)(1, columns, first, m, k, a, lines, b + j, n, c + j, n, accumulate);
  }
}

// MARK: Panels of B

INLINE v8 NAME(load8)(const float *p, int n) {
  if (n == 8) return *(const v8_unaligned *)p;
#if WIDTH == 16
  return (v8)_mm256_maskz_loadu_ps((__mmask8)((1u << n) - 1), p);
#elif WIDTH == 8
  return NAME(load)(p, n);
#else
  v8 v = {};
  for (int i = 0; i < n; i++) v[i] = p[i];
  return v;
#endif
}

INLINE void NAME(store8)(float *p, v8 v, int n) {
  if (n == 8) {
    *(v8_unaligned *)p = v;
    return;
  }
#if WIDTH == 16
  _mm256_mask_storeu_ps(p, (__mmask8)((1u << n) - 1), (__m256)v);
#elif WIDTH == 8
  NAME(store)(p, v, n);
#else
  for (int i = 0; i < n; i++) p[i] = v[i];
#endif
}

// Up to eight rows of up to eight numbers become columns.
INLINE void NAME(transpose8)(int rows, int columns, const float *from, int64_t from_row, float *to,
                             int64_t to_row) {
  v8 r[8], s[8], t[8], u[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++)
    r[i] = i < rows ? NAME(load8)(from + i * from_row, columns) : (v8){};
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {  // in pairs of rows
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {  // in fours
    t[i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    t[i + 1] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    t[i + 2] = __builtin_shufflevector(s[i + 1], s[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    t[i + 3] = __builtin_shufflevector(s[i + 1], s[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    u[i] = __builtin_shufflevector(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    u[i + 4] = __builtin_shufflevector(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++)
    if (i < columns) NAME(store8)(to + i * to_row, u[i], rows);
}

// to[c·to_row + r] = from[r·from_row + c]
static void NAME(transpose)(int64_t rows, int64_t columns, const float *from, int64_t from_row,
                            float *to, int64_t to_row) {
  for (int64_t r = 0; r < rows; r += 8)
    for (int64_t c = 0; c < columns; c += 8) {
      const float *tile = from + r * from_row + c;
      if (r + 8 <= rows && c + 8 <= columns)
        NAME(transpose8)(8, 8, tile, from_row, to + c * to_row + r, to_row);
      else
        NAME(transpose8)(rows - r < 8 ? (int)(rows - r) : 8,
                         columns - c < 8 ? (int)(columns - c) : 8, tile, from_row,
                         to + c * to_row + r, to_row);
    }
}

// Copies k rows of `columns` columns of B, zeros beyond them, so that panels are dense.
static void NAME(pack)(int64_t k, int columns, NAME(matrix) b, float *panel) {
  if (b.col == 1) {
    for (int64_t t = 0; t < k; t++, panel += PANEL) {
      const float *p = b.p + t * b.row;
      if (columns == PANEL) {
        NAME(store)(panel, NAME(load)(p, WIDTH), WIDTH);
        NAME(store)(panel + WIDTH, NAME(load)(p + WIDTH, WIDTH), WIDTH);
      } else {
        for (int j = 0; j < PANEL; j++) panel[j] = j < columns ? p[j] : 0;
      }
    }
    return;
  }
  for (int64_t t = 0; t < k; t++)
    for (int j = columns; j < PANEL; j++) panel[t * PANEL + j] = 0;
  NAME(transpose)(columns, k, b.p, b.col, panel, PANEL);
}

// MARK: The product

static __attribute__((noinline)) void NAME(packed_product)(int64_t m, int64_t n, int64_t k,
                                                           NAME(matrix) a, NAME(matrix) b,
                                                           float *c, int64_t ldc, int accumulate) {
  float packed[DEPTH * PANEL] __attribute__((aligned(64)));
  for (int64_t j = 0; j < n; j += PANEL)
    for (int64_t t = 0; t < k; t += DEPTH) {
      int64_t depth = k - t < DEPTH ? k - t : DEPTH;
      int columns = n - j < PANEL ? (int)(n - j) : PANEL;
      NAME(matrix) rest = NAME(dense)(a.p + t * a.col, a.row, a.col);
      NAME(pack)(depth, columns, NAME(dense)(b.p + t * b.row + j * b.col, b.row, b.col), packed);
      NAME(panel)(columns, 1, m, depth, &rest, packed, PANEL, c + j, ldc, accumulate || t > 0);
    }
}

// C[m,n] (+)= A[m,k]·B[k,n] on one thread.
INLINE void NAME(product)(int64_t m, int64_t n, int64_t k, NAME(matrix) a, NAME(matrix) b, float *c,
                          int64_t ldc, int accumulate) {
  if (k > 0 && a.runs == 1 && (b.col != 1 || (m > 6 * ROWS && k * n > 4096))) {
    NAME(packed_product)(m, n, k, a, b, c, ldc, accumulate);
    return;
  }
  for (int64_t j = 0; j < n; j += PANEL) {
    int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    NAME(panel)(columns, 0, m, k, &a, b.p + j, b.row, c + j, ldc, accumulate);
  }
}

typedef struct {
  int64_t m, n, k, rows_per_task, columns_per_task, tasks_across;
  NAME(matrix) a, b;
  float *c;
  int64_t ldc;
  int accumulate;
} NAME(product_job);

static void NAME(product_task)(const void *context, int64_t task) {
  const NAME(product_job) *job = context;
  int64_t i = task / job->tasks_across * job->rows_per_task;
  int64_t j = task % job->tasks_across * job->columns_per_task;
  int64_t m = job->m - i < job->rows_per_task ? job->m - i : job->rows_per_task;
  int64_t n = job->n - j < job->columns_per_task ? job->n - j : job->columns_per_task;
  NAME(matrix) a = NAME(dense)(job->a.p + i * job->a.row, job->a.row, job->a.col);
  NAME(matrix) b = NAME(dense)(job->b.p + j * job->b.col, job->b.row, job->b.col);
  NAME(product)(m, n, job->k, a, b, job->c + i * job->ldc + j, job->ldc, job->accumulate);
}

INLINE int64_t NAME(share)(int64_t count, int64_t parts, int64_t unit) {
  int64_t units = (count + unit - 1) / unit;
  return (units + parts - 1) / parts * unit;
}

static void NAME(matmul)(const bs_call *call) {
  const int64_t *s = call->n;
  int64_t m = s[0], n = s[1], k = s[2], flags = s[3];
  NAME(matrix) a = NAME(dense)(call->p[0], s[4], 1), b = NAME(dense)(call->p[1], s[5], 1);
  if (flags & BS_TRANSPOSE_A) a = NAME(dense)(call->p[0], 1, s[4]);
  if (flags & BS_TRANSPOSE_B) b = NAME(dense)(call->p[1], 1, s[5]);
  int accumulate = (flags & BS_ACCUMULATE) != 0;
  int64_t ldc = s[6];
  if (n == 1 && ldc == 1) {
    // A column is computed as a row, (A·b)ᵀ = bᵀ·Aᵀ, which fills the vectors.
    NAME(matrix) column = b;
    b = NAME(dense)(a.p, a.col, a.row);
    a = NAME(dense)(column.p, column.col, column.row);
    n = m;
    m = 1;
    ldc = n;
  }
  int threads = m * n * k < 500000 || m * n < 2 * ROWS * PANEL ? 1 : bs_threads();
  if (threads == 1) {
    NAME(product)(m, n, k, a, b, call->p[2], ldc, accumulate);
    return;
  }
  // Tall products are cut into rows, others into columns.
  NAME(product_job) job = {m, n, k, m, n, 1, a, b, call->p[2], ldc, accumulate};
  if (m >= 2 * ROWS * threads) {
    job.rows_per_task = NAME(share)(m, m >= 16 * ROWS * threads ? 2 * threads : threads, ROWS);
  } else {
    job.columns_per_task = NAME(share)(n, threads, PANEL);
    job.tasks_across = (n + job.columns_per_task - 1) / job.columns_per_task;
  }
  int64_t tasks_down = (m + job.rows_per_task - 1) / job.rows_per_task;
  bs_parallel(tasks_down * job.tasks_across, NAME(product_task), &job);
}
