// Formulas: an interpreter of elementwise programs over blocks of numbers, so that the choice of
// the operation is made once for a block. Included once per instruction set, after kernels.inc.h.

// MARK: Functions in Float64

// Eight numbers twice as wide. Functions that need more digits than Float32 has on the way (powers,
// logarithms near 1, sines) are computed here and rounded once.
typedef double NAME(d8) __attribute__((vector_size(64)));
typedef int64_t NAME(l8) __attribute__((vector_size(64)));
#define D8 NAME(d8)
#define L8 NAME(l8)
#define WIDE(x) ((x) - (D8){})
#define SELECT8(condition, a, b) \
  ((D8)(((L8)(condition) & (L8)(a)) | (~(L8)(condition) & (L8)(b))))
#define ROUNDER 6755399441055744.0  // 1.5·2⁵²: adding it rounds to an integer

// eˣ = 2ⁿ·eʳ, |r| ≤ ½ ln 2, by the series to r¹². |x| must stay below 700.
INLINE D8 NAME(exp8)(D8 x) {
  D8 shifted = FMA(x, WIDE(1.4426950408889634), WIDE(ROUNDER));
  D8 n = shifted - ROUNDER;
  D8 r = FMA(n, WIDE(-0.6931471805599453), x);
  D8 y = WIDE(1.0 / 479001600);
  const double series[] = {39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1};
  for (int i = 0; i < 12; i++) y = FMA(y, r, WIDE(1.0 / series[i]));
  return y * (D8)(((L8)shifted + 1023) << 52);
}

// ln x for a positive, finite, normal x: e·ln 2 + 2(s + s³/3 + … + s¹⁷/17), s = (m - 1)/(m + 1).
INLINE D8 NAME(log8)(D8 x) {
  L8 bits = (L8)x;
  L8 exponent = (bits - 0x3fe6a09e667f3bcd) >> 52;
  D8 e = (D8)(exponent + 0x4338000000000000) - ROUNDER;
  D8 f = (D8)(bits - (exponent << 52)) - 1.0;
  D8 s = f / (2.0 + f), z = s * s;
  D8 p = WIDE(1.0 / 17);
  for (int i = 15; i > 1; i -= 2) p = FMA(p, z, WIDE(1.0 / i));
  return FMA(e, WIDE(0.6931471805599453), 2.0 * FMA(s * z, p, s));
}

// ln(1 + x): the digits of x that 1 + x loses are made up for. Else x itself, where 1 + x = 1.
INLINE D8 NAME(log1p8)(D8 x) {
  D8 u = 1.0 + x;
  D8 y = NAME(log8)(u) + (x - (u - 1.0)) / u;
  y = SELECT8((x > -1e-12) & (x < 1e-12), x, y);
  y = SELECT8(x == (double)INFINITY, x, y);
  y = SELECT8(x == -1.0, WIDE(-(double)INFINITY), y);
  return SELECT8((x < -1.0) | (x != x), WIDE((double)NAN), y);
}

// eˣ - 1: by the series to x¹² where x is small, so that no digit is lost.
INLINE D8 NAME(expm18)(D8 x) {
  D8 z = SELECT8(x > 100.0, WIDE(100.0), x);
  z = SELECT8(x < -100.0, WIDE(-100.0), z);
  D8 p = WIDE(1.0 / 479001600);
  const double series[] = {39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1};
  for (int i = 0; i < 11; i++) p = FMA(p, z, WIDE(1.0 / series[i]));
  D8 y = SELECT8((z > -0.3) & (z < 0.3), p * z, NAME(exp8)(z) - 1.0);
  return SELECT8(x != x, x, y);
}

// sin x and cos x: x = n·π/2 + r, |r| ≤ π/4, and the series of r for the n-th quarter. Beyond a
// million, where the C library is asked instead, see sine.
INLINE D8 NAME(sine8)(D8 x, int64_t quarter) {
  D8 shifted = FMA(x, WIDE(0.6366197723675814), WIDE(ROUNDER));
  D8 n = shifted - ROUNDER;
  D8 r = FMA(n, WIDE(-1.5707963267948966), x);
  r = FMA(n, WIDE(-6.123233995736766e-17), r);
  D8 z = r * r;
  D8 s = WIDE(1.0 / 6227020800);
  const double sines[] = {-39916800, 362880, -5040, 120, -6};
  for (int i = 0; i < 5; i++) s = FMA(s, z, WIDE(1.0 / sines[i]));
  s = FMA(s * z, r, r);
  D8 c = WIDE(-1.0 / 87178291200);
  const double cosines[] = {479001600, -3628800, 40320, -720, 24, -2, 1};
  for (int i = 0; i < 7; i++) c = FMA(c, z, WIDE(1.0 / cosines[i]));
  L8 q = (L8)shifted + quarter;
  D8 y = SELECT8((q & 1) != 0, c, s);
  return SELECT8((q & 2) != 0, -y, y);
}

// xʸ = e^(y ln |x|), with the sign of x where y is odd; a negative x has only whole powers.
INLINE D8 NAME(power8)(D8 x, D8 y) {
  D8 size = (D8)((L8)x & 0x7fffffffffffffff);
  D8 logarithm = NAME(log8)(size);
  logarithm = SELECT8(size == 0.0, WIDE(-1e300), logarithm);
  logarithm = SELECT8(size == (double)INFINITY, WIDE(1e300), logarithm);
  D8 w = y * logarithm;
  w = SELECT8(w > 300.0, WIDE(300.0), w);
  w = SELECT8(w < -300.0, WIDE(-300.0), w);
  D8 z = NAME(exp8)(w);
  D8 half = 0.5 * y;
  // Every Float32 of 2²⁴ and more is even.
  D8 whole = (D8)((L8)y & 0x7fffffffffffffff);
  L8 is_big = whole >= 16777216.0;
  D8 rounded = (y + ROUNDER) - ROUNDER, half_rounded = (half + ROUNDER) - ROUNDER;
  L8 is_integer = (rounded == y) | is_big;
  L8 is_odd = is_integer & ~is_big & (half_rounded != half);
  L8 is_negative = (L8)x < 0;
  z = SELECT8(is_negative & is_odd, -z, z);
  z = SELECT8(is_negative & ~is_integer & (size != 0.0), WIDE((double)NAN), z);
  z = SELECT8((x != x) | (y != y), WIDE((double)NAN), z);
  return SELECT8((y == 0.0) | (x == 1.0), WIDE(1.0), z);
}

INLINE D8 NAME(low8)(v16 x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), D8);
}
INLINE D8 NAME(high8)(v16 x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), D8);
}
INLINE v16 NAME(join8)(D8 low, D8 high) {
  v8 a = __builtin_convertvector(low, v8), b = __builtin_convertvector(high, v8);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
#define TWICE(f, x, ...) NAME(join8)(NAME(f)(NAME(low8)(x), ##__VA_ARGS__), \
                                     NAME(f)(NAME(high8)(x), ##__VA_ARGS__))

// MARK: Functions in Float32

// erf x = x·p(x²) for |x| < 1, else ±(1 - e^q(|x|)), both fitted; 1 from 4 on.
INLINE v16 NAME(erf)(v16 x) {
  v16 size = (v16)((i16)x & 0x7fffffff);
  v16 z = x * x;
  v16 p = ALL(-9.680134e-06f);
  p = FMA(p, z, ALL(0.000112705435f));
  p = FMA(p, z, ALL(-0.0008484711f));
  p = FMA(p, z, ALL(0.005221075f));
  p = FMA(p, z, ALL(-0.026865445f));
  p = FMA(p, z, ALL(0.11283783f));
  p = FMA(p, z, ALL(-0.37612638f));
  p = FMA(p, z, ALL(0.1283792f));
  v16 small = FMA(p, x, x);
  v16 t = SELECT(size > 4.0f, ALL(4.0f), size);
  v16 q = ALL(1.5385464e-06f);
  q = FMA(q, t, ALL(-4.4397402e-05f));
  q = FMA(q, t, ALL(0.0005849467f));
  q = FMA(q, t, ALL(-0.004712695f));
  q = FMA(q, t, ALL(0.026308712f));
  q = FMA(q, t, ALL(-0.109912634f));
  q = FMA(q, t, ALL(-0.6319776f));
  q = FMA(q, t, ALL(-1.130157f));
  q = FMA(q, t, ALL(0.00030368948f));
  v16 large = 1.0f - NAME(exp)(q);
  large = (v16)((i16)large | ((i16)x & (int32_t)0x80000000));
  v16 y = SELECT(size < 1.0f, small, large);
  return SELECT(x != x, x, y);
}

INLINE v16 NAME(sign)(v16 x) {
  return SELECT(x > 0.0f, ALL(1.0f), SELECT(x < 0.0f, ALL(-1.0f), x));
}

INLINE v16 NAME(smaller)(v16 a, v16 b) { return SELECT((b < a) | (b != b), b, a); }

INLINE v16 NAME(whether)(i16 condition) { return SELECT(condition, ALL(1.0f), ALL(0.0f)); }

// Rarer functions: the C library's in Float64, rounded, which gives the same on every processor.
INLINE v16 NAME(by_library)(v16 x, double (*function)(double)) {
  v16 y = x;
  for (int i = 0; i < 16; i++) y[i] = (float)function((double)x[i]);
  return y;
}

// Whether a lane is too large for the reduction of sine8; infinities and NaN are.
INLINE int NAME(is_far)(v16 x) {
  v16 size = (v16)((i16)x & 0x7fffffff);
  i16 far = ~(i16)(size < 1e6f);
  int any = 0;
  for (int i = 0; i < 16; i++) any |= far[i];
  return any;
}

INLINE v16 NAME(sine)(v16 x) {
  if (NAME(is_far)(x)) return NAME(by_library)(x, sin);
  // -0 keeps its sign.
  return SELECT(x == 0.0f, x, TWICE(sine8, x, 0));
}

INLINE v16 NAME(cosine)(v16 x) {
  return NAME(is_far)(x) ? NAME(by_library)(x, cos) : TWICE(sine8, x, 1);
}

INLINE v16 NAME(power16)(v16 x, v16 y) {
  return NAME(join8)(NAME(power8)(NAME(low8)(x), NAME(low8)(y)),
                     NAME(power8)(NAME(high8)(x), NAME(high8)(y)));
}

// MARK: The interpreter

// Each step over `vectors` vectors of its operands, so that a block pays for the switch once.
static void NAME(execute)(const bs_step *step, int64_t count, float *const *slots,
                          int64_t vectors) {
#define X (*(const v16_unaligned *)(a + i))
#define Y (*(const v16_unaligned *)(b + i))
#define Z (*(const v16_unaligned *)(d + i))
#define CASE(number, ...)                                                           \
  case number:                                                                      \
    for (int64_t i = 0; i < end; i += 16) *(v16_unaligned *)(to + i) = __VA_ARGS__; \
    break;
#define DO(operation, ...) CASE(BS_DO_##operation, __VA_ARGS__)
#define DO_PAIRS(number, first)              \
  CASE(BS_DO_PAIR + number, (first) + Z)     \
  CASE(BS_DO_PAIR + number + 1, (first) - Z) \
  CASE(BS_DO_PAIR + number + 2, Z - (first)) \
  CASE(BS_DO_PAIR + number + 3, (first) * Z) \
  CASE(BS_DO_PAIR + number + 4, (first) / Z)
  const int64_t end = vectors * 16;
  for (int64_t k = 0; k < count; k++, step++) {
    float *to = slots[step->target];
    const float *a = slots[step->a], *b = slots[step->b], *d = slots[step->c];
    switch (step->operation) {
      DO(COPY, X)
      DO(NEGATE, -X)
      DO(ABSOLUTE, (v16)((i16)X & 0x7fffffff))
      DO(SIGN, NAME(sign)(X))
      DO(SQUARE, X * X)
      DO(SQUARE_ROOT, __builtin_elementwise_sqrt(X))
      DO(RECIPROCAL_SQUARE_ROOT, 1.0f / __builtin_elementwise_sqrt(X))
      DO(RECIPROCAL, 1.0f / X)
      DO(EXP, NAME(exp)(X))
      DO(EXPM1, TWICE(expm18, X))
      DO(LOG, NAME(log)(X))
      DO(LOG1P, TWICE(log1p8, X))
      DO(TANH, NAME(tanh)(X))
      DO(SIGMOID, 1.0f / (1.0f + NAME(exp)(-X)))
      DO(RELU, SELECT(X < 0.0f, ALL(0.0f), X))
      DO(ERF, NAME(erf)(X))
      DO(SIN, NAME(sine)(X))
      DO(COS, NAME(cosine)(X))
      DO(TAN, NAME(by_library)(X, tan))
      DO(ARCSIN, NAME(by_library)(X, asin))
      DO(ARCCOS, NAME(by_library)(X, acos))
      DO(ARCTAN, NAME(by_library)(X, atan))
      DO(SINH, NAME(by_library)(X, sinh))
      DO(COSH, NAME(by_library)(X, cosh))
      DO(ARSINH, NAME(by_library)(X, asinh))
      DO(ARCOSH, NAME(by_library)(X, acosh))
      DO(ARTANH, NAME(by_library)(X, atanh))
      DO(FLOOR, __builtin_elementwise_floor(X))
      DO(CEIL, __builtin_elementwise_ceil(X))
      DO(ROUND, __builtin_elementwise_rint(X))
      DO(ADD, X + Y)
      DO(SUBTRACT, X - Y)
      DO(MULTIPLY, X * Y)
      DO(DIVIDE, X / Y)
      DO(POWER, NAME(power16)(X, Y))
      DO(MINIMUM, NAME(smaller)(X, Y))
      DO(MAXIMUM, NAME(larger)(X, Y))
      DO(LESS, NAME(whether)(X < Y))
      DO(LESS_OR_EQUAL, NAME(whether)(X <= Y))
      DO(EQUAL, NAME(whether)(X == Y))
      DO(FLOOR_DIVIDE, __builtin_elementwise_floor(X / Y))
      DO(MODULO, X - __builtin_elementwise_floor(X / Y) * Y)
      DO(SELECT, SELECT(X != 0.0f, Y, Z))
      DO_PAIRS(0, X + Y)
      DO_PAIRS(5, X - Y)
      DO_PAIRS(10, X * Y)
      DO_PAIRS(15, X / Y)
    }
  }
#undef X
#undef Y
#undef Z
#undef CASE
#undef DO
#undef DO_PAIRS
}

// A program at work: the shape it runs over, cut into chunks of at most BS_BLOCK numbers that
// either are whole rows or lie within one.
typedef struct {
  const bs_call *call;
  const bs_program *program;
  const float *scalars;          // the constants, and what the prologue made of them
  int64_t rows, cols, rows_per_chunk, rows_per_task, cols_per_task, tasks_across;
  int8_t mode[8];
} NAME(evaluation);

INLINE void NAME(fill)(float *to, float value, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) *(v16_unaligned *)(to + i) = ALL(value);
}

// Fills the block of an operand that is the same for several numbers: one for each row of the
// chunk, or one row's numbers for all of them.
INLINE void NAME(spread)(int mode, const float *from, float *block, int64_t row, int64_t rows,
                         int64_t col, int64_t cols) {
  if (mode == BS_PER_ROW && (rows == 1 || cols % 16 == 0)) {
    for (int64_t r = 0; r < rows; r++) NAME(fill)(block + r * cols, from[row + r], cols);
    return;
  }
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < cols; c++)
      block[r * cols + c] = mode == BS_PER_ROW ? from[row + r] : from[col + c];
}

// Rows of a task, with what `row_steps` made of them.
typedef struct {
  int64_t first, count;
  float *values;       // BS_BLOCK for each number of a row
} NAME(row_group);

// The steps that are done once a row, sixteen rows at a time.
INLINE void NAME(compute_rows)(const NAME(evaluation) * e, float *const *slots, float *copies,
                               NAME(row_group) group) {
  const bs_program *program = e->program;
  int64_t leaves = program->buffers + program->scalars;
  float **places = __builtin_alloca(sizeof(float *) * (size_t)(leaves + program->row_numbers));
  for (int64_t i = 0; i < leaves; i++) places[i] = slots[i];
  for (int i = 0; i < program->buffers; i++)
    if (e->mode[i] == BS_PER_ROW) {
      places[i] = copies + i * BS_BLOCK;
      memcpy(places[i], e->call->p[i] + group.first, sizeof(float) * (size_t)group.count);
    }
  for (int64_t i = 0; i < program->row_numbers; i++)
    places[leaves + i] = group.values + i * BS_BLOCK;
  NAME(execute)(program->row_steps, program->row_step_count, places, (group.count + 15) / 16);
}

// One chunk: `rows` whole rows, or `cols` numbers of one. What does not end with a full vector is
// computed in blocks aside when the numbers behind it are not this task's to touch.
INLINE void NAME(chunk)(const NAME(evaluation) * e, float **slots, float *blocks,
                        NAME(row_group) group, int64_t row, int64_t rows, int64_t col,
                        int64_t cols, int is_last) {
  const bs_program *program = e->program;
  int64_t count = rows * cols, at = row * e->cols + col;
  int aside = count % 16 != 0 && (is_last || program->works_in_place);
  for (int i = 0; i < program->buffers; i++) {
    float *block = blocks + i * BS_BLOCK, *p = e->call->p[i];
    if (e->mode[i] == BS_FULL) {
      slots[i] = aside ? block : p + at;
      if (aside && program->is_read[i]) memcpy(block, p + at, sizeof(float) * (size_t)count);
    } else if (e->mode[i] == BS_PER_COLUMN && e->rows_per_chunk == 1 && count % 16 == 0) {
      slots[i] = p + col;
    } else if (program->is_spread[i] &&
               (e->mode[i] == BS_PER_ROW ||
                (e->mode[i] == BS_PER_COLUMN && e->rows_per_chunk == 1))) {
      slots[i] = block;
      NAME(spread)(e->mode[i], p, block, row, rows, col, cols);
    }
  }
  for (int64_t i = 0; i < program->read_row_numbers; i++)
    NAME(spread)(BS_PER_ROW, group.values + i * BS_BLOCK,
                 slots[program->buffers + program->scalars + i], row - group.first, rows, 0, cols);
  NAME(execute)(program->steps, program->step_count, slots, (count + 15) / 16);
  if (!aside) return;
  for (int i = 0; i < program->buffers; i++)
    if (program->is_written[i])
      memcpy(e->call->p[i] + at, slots[i], sizeof(float) * (size_t)count);
}

// One task: its rows in groups of which as much as fits is one block, each in chunks.
static void NAME(evaluate_task)(const void *context, int64_t task) {
  const NAME(evaluation) *e = context;
  const bs_program *program = e->program;
  int64_t leaves = program->buffers + program->scalars;
  int64_t places = leaves + program->row_numbers + program->registers;
  int64_t row_blocks = program->row_step_count > 0 ? program->buffers + program->row_numbers : 0;
  float *room = __builtin_alloca_with_align(
      sizeof(float) * BS_BLOCK * (size_t)(places + row_blocks + 1), 512);
  float **slots = __builtin_alloca(sizeof(float *) * (size_t)(places + 1));
  float *row_room = room + places * BS_BLOCK;
  int64_t first_row = task / e->tasks_across * e->rows_per_task;
  int64_t first_col = task % e->tasks_across * e->cols_per_task;
  int64_t end_row = first_row + e->rows_per_task, end_col = first_col + e->cols_per_task;
  if (end_row > e->rows) end_row = e->rows;
  if (end_col > e->cols) end_col = e->cols;
  int64_t most = (end_row - first_row) * (end_col - first_col);
  if (most <= 0) return;
  if (most > BS_BLOCK) most = BS_BLOCK;
  for (int64_t i = 0; i < places; i++) slots[i] = room + i * BS_BLOCK;
  for (int64_t i = 0; i < program->scalars; i++)
    NAME(fill)(slots[program->buffers + i], e->scalars[i], most);
  for (int i = 0; i < program->buffers; i++) {
    if (e->mode[i] == BS_SCALAR) NAME(fill)(slots[i], e->call->p[i][0], most);
    if (e->mode[i] == BS_PER_COLUMN && e->rows_per_chunk > 1)
      NAME(spread)(BS_PER_COLUMN, e->call->p[i], slots[i], 0, most / e->cols, 0, e->cols);
  }
  int64_t rows_per_group = BS_BLOCK - BS_BLOCK % e->rows_per_chunk;
  NAME(row_group) group = {.values = row_room + program->buffers * BS_BLOCK};
  for (group.first = first_row; group.first < end_row; group.first += group.count) {
    group.count = end_row - group.first;
    if (group.count > rows_per_group) group.count = rows_per_group;
    if (program->row_step_count > 0) NAME(compute_rows)(e, slots, row_room, group);
    int64_t end = group.first + group.count;
    if (e->cols <= BS_BLOCK) {
      for (int64_t r = group.first; r < end; r += e->rows_per_chunk) {
        int64_t rows = end - r < e->rows_per_chunk ? end - r : e->rows_per_chunk;
        NAME(chunk)(e, slots, room, group, r, rows, 0, e->cols, r + rows == end_row);
      }
      continue;
    }
    for (int64_t r = group.first; r < end; r++)
      for (int64_t c = first_col; c < end_col; c += BS_BLOCK) {
        int64_t cols = end_col - c < BS_BLOCK ? end_col - c : BS_BLOCK;
        NAME(chunk)(e, slots, room, group, r, 1, c, cols, c + cols == end_col);
      }
  }
}

// What depends on constants and settings alone, once for a call. Whole powers are exact but for one
// rounding, as a library's are.
INLINE void NAME(prologue)(const bs_call *call, float *scalars) {
  const bs_program *program = call->program;
  memcpy(scalars, program->constants, sizeof(float) * (size_t)program->constant_count);
  if (call->env) {
    scalars[0] = call->env->learning_rate;
    scalars[1] = (float)(call->env->step + 1);
  }
  for (int64_t k = 0; k < program->prologue_count; k++) {
    bs_step step = program->prologue[k];
    int64_t base = program->buffers;
    float x = scalars[step.a - base], y = scalars[step.b - base];
    if (step.operation == BS_DO_POWER && y == __builtin_rintf(y) && y >= 0 && y < 9e15f) {
      scalars[step.target - base] = NAME(power)(x, (int64_t)y);
      continue;
    }
    float in[3][16], out[16];
    NAME(fill)(in[0], x, 16);
    NAME(fill)(in[1], y, 16);
    NAME(fill)(in[2], scalars[step.c - base], 16);
    float *const slots[4] = {out, in[0], in[1], in[2]};
    step = (bs_step){step.operation, 0, 1, 2, 3};
    NAME(execute)(&step, 1, slots, 1);
    scalars[program->prologue[k].target - base] = out[0];
  }
}

static void NAME(evaluate)(const bs_call *c) {
  const bs_program *program = c->program;
  float *scalars = __builtin_alloca(sizeof(float) * (size_t)(program->scalars + 1));
  NAME(prologue)(c, scalars);
  NAME(evaluation) e = {.call = c, .program = program, .scalars = scalars,
                        .rows = c->n[0], .cols = c->n[1], .tasks_across = 1};
  int is_flat = 1;
  for (int i = 0; i < program->buffers; i++) {
    e.mode[i] = (int8_t)c->n[2 + i];
    if (e.mode[i] >= BS_PER_ROW) is_flat = 0;
  }
  if (is_flat) e.cols *= e.rows, e.rows = 1;
  if (e.rows * e.cols == 0) return;
  e.rows_per_chunk = e.cols < BS_BLOCK ? BS_BLOCK / e.cols : 1;
  // Chunks of whole vectors, where rows allow it.
  int64_t odd = e.cols & -e.cols, unit = odd >= 16 ? 1 : 16 / odd;
  if (e.rows_per_chunk > unit) e.rows_per_chunk -= e.rows_per_chunk % unit;
  e.rows_per_task = e.rows;
  e.cols_per_task = e.cols;
  int64_t tasks = 1;
  if (e.rows * e.cols > BS_EVALUATE_TASK && bs_threads() > 1) {
    if (e.rows == 1) {
      e.cols_per_task = BS_EVALUATE_TASK;
      e.tasks_across = tasks = (e.cols + BS_EVALUATE_TASK - 1) / BS_EVALUATE_TASK;
    } else {
      int64_t rows = BS_EVALUATE_TASK / e.cols;
      rows -= rows % e.rows_per_chunk;
      e.rows_per_task = rows < e.rows_per_chunk ? e.rows_per_chunk : rows;
      tasks = (e.rows + e.rows_per_task - 1) / e.rows_per_task;
    }
  }
  bs_parallel(tasks, NAME(evaluate_task), &e);
}

#undef D8
#undef L8
#undef WIDE
#undef SELECT8
#undef ROUNDER
#undef TWICE
