// The hot loops of the engine: one C function a kernel, all with the same signature, so that an
// instruction at run time is a function pointer and a trivial parameter block (bs_call).
//
// Conventions. Arrays are row-major Float32. Images are channels-last (NHWC), convolution kernels
// HWIO. Every element of a product is one sum in order of k; sums over a row have 16 lanes and sums
// over rows 4, combined in a fixed order; exp, log and tanh are polynomials of our own. So a result
// does not depend on the number of threads, nor, where multiply-add is fused (AVX2, AVX-512, NEON),
// on the processor; only which of its bits say that a number is none (NaN) does. Old x86
// processors have no fused multiply-add: the base tier rounds products before it adds, so that its
// last digits are its own, and the emulated one gives the same bytes as all others in many times
// the time. The tier is part of a run's identity. No kernel allocates. Outputs never overlap inputs
// unless a kernel says so; the element-by-element ones (maps, add, multiply, bias) may write in
// place.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What changes from step to step, read by kernels through their call.
typedef struct bs_env {
  uint64_t seed;         // of the run
  int64_t step;          // training steps done before this one: 0 in the first step
  float learning_rate;   // now
} bs_env;

/// The operations of a program's steps, by number: COPY, then the same order as `Formula.Function`,
/// `Formula.Operator` and select in Swift.
enum {
  BS_DO_COPY, BS_DO_NEGATE, BS_DO_ABSOLUTE, BS_DO_SIGN, BS_DO_SQUARE, BS_DO_SQUARE_ROOT,
  BS_DO_RECIPROCAL_SQUARE_ROOT, BS_DO_RECIPROCAL, BS_DO_EXP, BS_DO_EXPM1, BS_DO_LOG, BS_DO_LOG1P,
  BS_DO_TANH, BS_DO_SIGMOID, BS_DO_RELU, BS_DO_ERF, BS_DO_SIN, BS_DO_COS, BS_DO_TAN,
  BS_DO_ARCSIN, BS_DO_ARCCOS, BS_DO_ARCTAN, BS_DO_SINH, BS_DO_COSH, BS_DO_ARSINH, BS_DO_ARCOSH,
  BS_DO_ARTANH, BS_DO_FLOOR, BS_DO_CEIL, BS_DO_ROUND, BS_DO_ADD, BS_DO_SUBTRACT, BS_DO_MULTIPLY,
  BS_DO_DIVIDE, BS_DO_POWER, BS_DO_MINIMUM, BS_DO_MAXIMUM, BS_DO_LESS, BS_DO_LESS_OR_EQUAL,
  BS_DO_EQUAL, BS_DO_FLOOR_DIVIDE, BS_DO_MODULO, BS_DO_SELECT,
  /// From here on two operations in one step, each rounded: r = a + b, a - b, ab or a / b, then r + c,
  /// r - c, c - r, rc or r / c. The first of the two counts in fives.
  BS_DO_PAIR,
};

/// Where the numbers of a buffer belong in the [rows, cols] that a program runs over.
enum { BS_FULL = 0, BS_SCALAR = 1, BS_PER_ROW = 2, BS_PER_COLUMN = 3 };

/// Numbers that a step of a program works on at once, and that one thread takes at a time.
enum { BS_BLOCK = 512, BS_EVALUATE_TASK = 1 << 14 };

/// One step: target = operation(a, b, c). Places count the buffers first, then the scalars, the
/// numbers of rows and the registers. Operands that an operation lacks are place 0.
typedef struct bs_step {
  uint16_t operation, target, a, b, c;
} bs_step;

/// Formulas made ready: the steps that compute them, number by number. A buffer may be read and
/// written; other buffers must not overlap one that is written, but that the only result of a program
/// may lie where an operand of BS_FULL does, if chunks are whole vectors (see evaluate).
typedef struct bs_program {
  int32_t buffers, scalars, registers;
  /// Numbers that are the same along a row, and how many of them `steps` read: the first ones.
  int32_t row_numbers, read_row_numbers;
  int32_t works_in_place;           // whether a buffer is both read and written
  int8_t is_read[8], is_written[8];
  int8_t is_spread[8];              // whether `steps` read it, not `row_steps` alone
  int64_t constant_count, prologue_count, row_step_count, step_count;
  /// The first scalars: learning rate and number of the update (filled in when called), constants.
  const float *_Nullable constants;
  /// Steps among scalars, done once a call in Float32.
  const bs_step *_Nullable prologue;
  /// Steps among numbers of rows, done once a row.
  const bs_step *_Nullable row_steps;
  const bs_step *_Nullable steps;
} bs_program;

/// One kernel call: buffers, sizes and constants. Each kernel below says which it reads.
typedef struct bs_call {
  float *_Nullable p[8];
  int64_t n[20];
  float f[6];
  uint64_t key;          // of the layer, for kernels that draw random numbers
  const bs_env *_Nullable env;
  const bs_program *_Nullable program;  // for BS_EVALUATE
} bs_call;

typedef void (*bs_kernel)(const bs_call *_Nonnull call);

/// The functions of a scalar that layers apply, by number; f' is written in terms of y = f(x).
enum { BS_LINEAR = 0, BS_RELU = 1, BS_SIGMOID = 2, BS_TANH = 3, BS_EXP = 4 };

/// Losses, by number.
enum {
  BS_MEAN_SQUARED_ERROR = 0,
  BS_BINARY_CROSSENTROPY = 1,
  BS_CATEGORICAL_CROSSENTROPY = 2,
  BS_SPARSE_CATEGORICAL_CROSSENTROPY = 3,
};

/// Accuracies, by number.
enum { BS_BINARY_ACCURACY = 0, BS_CATEGORICAL_ACCURACY = 1, BS_SPARSE_CATEGORICAL_ACCURACY = 2 };

/// Reductions, by number.
enum { BS_REDUCE_SUM = 0, BS_REDUCE_MEAN, BS_REDUCE_MAXIMUM, BS_REDUCE_MINIMUM,
       BS_REDUCE_PRODUCT };

/// matmul flags.
enum { BS_TRANSPOSE_A = 1, BS_TRANSPOSE_B = 2, BS_ACCUMULATE = 4 };

/// Functions along an axis, by number.
enum {
  BS_AXIS_SOFTMAX = 0,
  BS_LOG_SOFTMAX = 1,
  BS_LOG_SUM_EXP = 2,
  BS_ARG_MAX = 3,
  BS_ARG_MIN = 4,
  BS_CUMULATIVE_SUM = 5,
  BS_CUMULATIVE_SUM_BACKWARDS = 6,
  BS_ARG_SORT = 7,
  BS_ARG_SORT_DOWN = 8,
};

/// Distributions, by number.
enum { BS_UNIFORM = 0, BS_NORMAL = 1, BS_BERNOULLI = 2 };

/// How pixels are read between their places, and beyond the picture: its border colored by a
/// constant, its last pixels going on, the picture again, or mirrored.
enum { BS_NEAREST = 0, BS_BILINEAR = 1 };
enum { BS_FILL_CONSTANT = 0, BS_FILL_NEAREST = 1, BS_FILL_WRAP = 2, BS_FILL_REFLECT = 3 };

/// Kernels, by number: the same order as `Tensors.Kernel` in Swift.
typedef enum bs_kernel_id {
  // C[M,N] = A[M,K] · B[K,N] (+ C). With TRANSPOSE_A, A is stored [K,M]; with TRANSPOSE_B, B [N,K].
  // p: A B C · n: M N K flags lda ldb ldc
  BS_MATMUL = 0,
  // y[r,c] = f(x[r,c] + b[c]) · p: x b y · n: rows cols ldx ldy function
  BS_ADD_BIAS,
  // y[c] = Σ_r x[r,c] · p: x y · n: rows cols ldx
  BS_SUM_ROWS,
  // y = f(x) · p: x y · n: function rows cols ldx ldy
  BS_MAP,
  // dx = dy · f'(x), from y · p: y dy dx · n: function rows cols ldy lddy lddx
  BS_MAP_GRADIENT,
  // out = a · b · f'(y) · p: a b y out · n: function rows cols ld_out (a, b, y dense)
  BS_PRODUCT_GRADIENT,
  // y[r,:] = exp(x - max) / Σ · p: x y · n: rows cols
  BS_SOFTMAX,
  // dx[j] = y[j] (dy[j] - Σ_i dy[i] y[i]) · p: y dy dx · n: rows cols
  BS_SOFTMAX_GRADIENT,
  // c = a + b · p: a b c · n: count
  BS_ADD,
  // c = a · b · p: a b c · n: count
  BS_MULTIPLY,
  // y = x · mask, mask[i] = 0 with probability rate else 1/(1-rate), drawn from
  // (env.seed, key, env.step, i) as Tensors.CounterRandom does · p: x mask y · n: count · f: rate
  BS_DROPOUT,
  // y[t,b,:] = x[b,t,:] · p: x y · n: outer(b) inner(t) cols
  BS_SWAP_AXES,
  // c = f·c_prev + i·g · p: f c_prev i g c · n: count
  BS_LSTM_CELL,
  // h = o · tanh(c), keeping tanh(c) · p: o c tanh_c h · n: count
  BS_LSTM_OUTPUT,
  // dc = dh·o·(1 - tanh²c) + dc_next (p[3] may be null: none)
  // p: dh o tanh_c dc_next dc · n: count
  BS_LSTM_CELL_GRADIENT,
  // y = cross-correlation of x with w[KH, KW, C/G, F] · p: x w y scratch
  // n: B H W C KH KW F SH SW PT PL OH OW DH DW G (PT, PL: zeros added above and left; DH, DW: how
  // far apart the places of the kernel lie; G: groups of channels, each seen by its own filters)
  BS_CONV2D,
  // p: dy w dx scratch · n as BS_CONV2D
  BS_CONV2D_INPUT_GRADIENT,
  // p: x dy dw scratch · n as BS_CONV2D
  BS_CONV2D_KERNEL_GRADIENT,
  // y = largest of each window; padding never wins · p: x y · n: B H W C PH PW SH SW PT PL OH OW
  BS_MAXPOOL2D,
  // the gradient goes to the first largest element of the window, in row order
  // With relu ≠ 0, where windows do not overlap, times relu' at x = relu(…).
  // p: x y dy dx · n as BS_MAXPOOL2D, relu
  BS_MAXPOOL2D_GRADIENT,
  // y = mean of the numbers of each window that lie inside the image; with repeats ≠ 0 of all of it,
  // the border going on outside · p: x y · n: as BS_MAXPOOL2D, repeats
  BS_AVERAGEPOOL2D,
  // p: dy dx · n as BS_AVERAGEPOOL2D
  BS_AVERAGEPOOL2D_GRADIENT,
  // Each picture b drawn anew: y at (column q, row r) is x at column a₀q + a₁r + a₂, row a₃q + a₄r + a₅,
  // a the six numbers of A[b]. Between pixels the nearest one or, bilinear, four by their shares;
  // beyond the picture as the fill mode says · p: x A y · n: B H W C interpolation fill · f: constant
  BS_AFFINE_TRANSFORM,
  // p: dy A dx · n and f as BS_AFFINE_TRANSFORM
  BS_AFFINE_TRANSFORM_GRADIENT,
  // each[r] = loss of row r; mean[0] = mean over rows · p: prediction target each mean
  // n: loss rows cols normalize. Target: [rows, cols], or [rows] class numbers for the sparse loss.
  // Probabilities are clipped to [1e-7, 1 - 1e-7] as Keras does; normalize ≠ 0 divides a row by its
  // sum first (Keras does; after a softmax the sum is 1 and the planner leaves it out). A class
  // number that is none of 0..<cols makes the loss NaN and the gradient 0.
  BS_LOSS,
  // dprediction of the mean · p: prediction target dprediction · n as BS_LOSS
  BS_LOSS_GRADIENT,
  // count[0] = rows predicted right (binary with several columns: Σ of their shares)
  // p: prediction target count · n: accuracy rows cols
  // · f: threshold (binary)
  BS_ACCURACY,
  // velocity v ← momentum·v - lr·g; w ← w + v (or w ← w + momentum·v - lr·g with Nesterov); without
  // momentum w ← w - lr·g and p[2] may be null · p: w g v · n: count nesterov · f: momentum
  BS_SGD,
  // Adam in Keras's form, t = env.step + 1: α = lr·√(1-β₂ᵗ)/(1-β₁ᵗ) with float32 powers;
  // m += (g-m)·(1-β₁); v += (g²-v)·(1-β₂); w -= m·α/(√v + ε). p: w g m v
  // n: count · f: β₁ β₂ ε (1-β₁) (1-β₂), the last two rounded from double
  BS_ADAM,
  // y[0] = Σ x² · p: x y · n: count
  BS_SUM_SQUARES,
  // sums = Σ (x - before)², Σ before²; before ← x · p: x before sums · n: count
  BS_CHANGE_SQUARES,
  // y[Σ i·ys] = x[Σ i·xs] for every index i of a box of six axes, the last fastest; a stride of 0
  // repeats, a negative one turns around. Without x, y is filled with a constant.
  // p: x y · n: 6 extents, 6 strides of x, 6 strides of y · f: constant
  BS_COPY_STRIDED,
  // y[Σ i·ys] += x[Σ i·xs], in order of the box; a run of neighbors that meet in one number is
  // summed first · p: x y · n as BS_COPY_STRIDED
  BS_ADD_STRIDED,
  // Many products: C[i] = A[i] · B[i] (+ C) for every index i of four axes, each matrix dense. Where
  // a stride of C is 0 the products meet, in order, so that ACCUMULATE must be set.
  // p: A B C · n: M N K flags (as BS_MATMUL), 4 extents, 4 strides of A, 4 of B, 4 of C
  BS_BATCHED_MATMUL,
  // y[o,j,:] = x[o, index[j], :], NaN where there is no such row; wraps ≠ 0 counts negative numbers
  // from the end; aligned ≠ 0: y[o,j,i] = x[o, index[o,j,i], i]
  // p: x index y · n: outer rows inner count wraps aligned
  BS_GATHER,
  // dx[o, index[j], :] += dy[o,j,:], from 0 on, in order of j · p: dy index dx · n as BS_GATHER
  BS_SCATTER_ADD,
  // y[r,c] = whether c is among x[r,:], or with counts ≠ 0 how often; numbers that are no class
  // count nowhere · p: x y · n: rows width classes counts
  BS_ONE_HOT,
  // y = f along the middle axis of x[outer, extent, inner]; log-sum-exp and the places of the
  // largest and smallest make y[outer, inner] · p: x y · n: function outer extent inner
  BS_ALONG_AXIS,
  // The gradients of the first three. p: y dy dx, for log-sum-exp x dy dx y · n as BS_ALONG_AXIS
  BS_ALONG_AXIS_GRADIENT,
  // y[i] drawn from (env.seed, key, env.step, i) as Tensors.CounterRandom does: uniform in
  // [f₀, f₁), normal of mean f₀ and deviation f₁, or 1 with probability f₀ else 0
  // p: y · n: distribution count · f: as said
  BS_RANDOM,
  // Every step of the program for each number of [rows, cols] · p: as the program says
  // n: rows cols, then the mode of each buffer; those that are written are BS_FULL
  BS_EVALUATE,
  // y[o,i] = sum, mean, largest, smallest or product of x[o,:,i]
  // p: x y · n: reduction outer count inner
  BS_REDUCE,
  // dx of that: largest and smallest share among those that are equal
  // p: x y dy dx · n as BS_REDUCE
  BS_REDUCE_GRADIENT,
  BS_KERNEL_COUNT
} bs_kernel_id;

/// The fastest implementation of a kernel that this processor runs.
bs_kernel _Nonnull bs_kernel_function(bs_kernel_id id);

/// The name of the instruction set in use: "base", "emulated", "avx2", "avx512" or "neon". It is the
/// fastest that this processor has, or the one that BACKSTEP_KERNELS names as the program starts.
const char *_Nonnull bs_tier(void);

/// Use another instruction set (a name as above) for the kernels that the calling thread asks for
/// from now on; returns 0 if this processor lacks it. For tests, which run beside others.
int bs_force_tier(const char *_Nonnull name);

/// Flush denormal numbers to zero on the calling thread: denormal gradients make updates four times
/// slower. Every thread that computes calls it once.
void bs_flush_denormals(void);

/// Number of threads kernels may use, the calling one included; 1 starts no other. Results do not
/// depend on it. Call while no kernel runs.
void bs_set_threads(int count);
int bs_threads(void);

/// Calls body(context, task) for each task in 0..<tasks, on as many threads as bs_set_threads says.
/// Runs on the calling thread alone when the pool is busy with another call.
void bs_parallel(int64_t tasks, void (*_Nonnull body)(const void *_Nullable context, int64_t task),
                 const void *_Nullable context);

/// Copies rows of `width` numbers, one after the other. Which rows: in any order, each within `from`.
void bs_gather_rows(float *_Nonnull to, const float *_Nonnull from, const intptr_t *_Nonnull rows,
                    int64_t count, int64_t width);

/// Floats of scratch that BS_CONV2D and its gradients need for the sizes in n (as BS_CONV2D).
int64_t bs_conv2d_scratch(const int64_t *_Nonnull n);

/// Does 12 chains of `rounds` vector multiply-adds in registers and returns the floating-point
/// operations they count: for measuring the processor's peak. `sink` keeps them from being optimized
/// away.
double bs_peak_flops(int64_t rounds, float *_Nonnull sink);

#ifdef __cplusplus
}
#endif
#endif
